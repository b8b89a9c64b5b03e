/** Small documents that use every construct of XML 1.0 between them. Starting points for comparison and for mutation. */
export const sampleDocuments: readonly string[] = [
  `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE concept PUBLIC "-//OASIS//DTD DITA Concept//EN" "concept.dtd">
<concept id="c" xml:lang="en"><title>A &amp; B</title><shortdesc>Short &#x2014; text &#169;</shortdesc>
<conbody><p>One <b>two</b> <xref href="a.dita#a/b" format='dita'>three</xref>.</p><ul><li/><li>x</li></ul></conbody></concept>
`,
  `<?xml version='1.0' standalone="yes"?><!-- first --><?pi some data?>
<!DOCTYPE map [
<!ENTITY base "https://example.com/">
<!ENTITY part "<ph id='p&#x31;'>in &base; out</ph>">
<!ENTITY amp "&#38;#38;">
<!NOTATION gif PUBLIC "gif viewer">
<!NOTATION cgm SYSTEM 'cgm.exe'>
<!ELEMENT map (title?, (topicref | keydef)*, (a, b)+)>
<!ELEMENT title (#PCDATA | ph | b)*>
<!ELEMENT ph ANY><!ELEMENT b EMPTY>
<!ATTLIST map id ID #IMPLIED class CDATA "- map/map " kind (one | two) 'one'>
<!ATTLIST topicref href CDATA #REQUIRED keys NMTOKENS #IMPLIED nota NOTATION (gif|cgm) #IMPLIED>
]>
<map id=" m "><title>&part; tail</title><topicref href="&base;a&#9;b
c" keys="  k1   k2 "/></map><!-- last --><?end?>`,
  `<a xmlns="urn:x" xmlns:p="urn:p" p:b='1' c="&lt;&quot;&apos;&gt;"><p:d/><![CDATA[ <raw> & ]] ]]><e>]] &#10; ]</e><?x y ?z??></a>`,
  `<!DOCTYPE a [<!ENTITY % pe SYSTEM "x.ent"> %pe; <!ENTITY late "late">]><a b="&late;">&late;&undeclared;</a>`,
  `<!DOCTYPE a SYSTEM 'a.dtd' [<!ENTITY e ''><!ENTITY f '&e;&e;'>]><a>&f;<b c='&f;'>&nbsp;</b>&#x1F600;é漢字\r\ntwo\rthree</a>`,
  `<été ñame="ü" 名="値"><日本語>テキスト，。</日本語><a.b-c_d:e/></été>`,
]
