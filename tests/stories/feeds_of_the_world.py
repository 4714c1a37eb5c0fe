"""Feeds as sites write them: one of each format, each with three pages of Fjordby."""

RSS_091 = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Fjordby på nettet</title><link>https://fjordby.example/</link>
<description>Nyt fra Fjordby</description><language>da</language>
<item><title>Søen er åben</title><link>https://fjordby.example/soeen</link><description>Vi har badet siden kl. 6.</description></item>
<item><title>Ny bro</title><link>https://fjordby.example/broen</link><description>214 cykler på en time.</description></item>
<item><title>Grøn skole</title><link>https://fjordby.example/skolen</link><description>Regnbed nummer ti.</description></item>
</channel></rss>""".encode("iso-8859-1")

RSS_092 = """<rss version="0.92"><channel><title>Fjordby på nettet</title><link>https://fjordby.example/</link>
<description>Nyt</description>
<item><title>Søen er åben</title><link>https://fjordby.example/soeen</link><description>Vi har &lt;b&gt;badet&lt;/b&gt;.</description>
<enclosure url="https://fjordby.example/soeen.jpg" length="1234" type="image/jpeg"/></item>
<item><description>Uden overskrift, men med tekst.</description><link>https://fjordby.example/uden</link></item>
<item><title>Grøn skole</title><link>https://fjordby.example/skolen</link></item>
</channel></rss>""".encode()

RSS_10 = """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://fjordby.example/rdf"><title>Fjordby på nettet</title><link>https://fjordby.example/</link>
<description>Nyt</description><items><rdf:Seq><rdf:li rdf:resource="https://fjordby.example/soeen"/></rdf:Seq></items></channel>
<item rdf:about="https://fjordby.example/soeen"><title>Søen er åben</title><link>https://fjordby.example/soeen</link>
<description>Vi har badet.</description><dc:date>2026-11-24T07:00:00+01:00</dc:date></item>
<item rdf:about="https://fjordby.example/broen"><title>Ny bro</title><link>https://fjordby.example/broen</link></item>
<item rdf:about="https://fjordby.example/skolen"><title>Grøn skole</title><link>https://fjordby.example/skolen</link></item>
</rdf:RDF>""".encode()

RSS_090 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Fjordby på nettet</title><link>https://fjordby.example/</link><description>Nyt</description></channel>
<item><title>Søen er åben</title><link>https://fjordby.example/soeen</link><description>Vi har badet.</description></item>
<item><title>Ny bro</title><link>https://fjordby.example/broen</link></item>
<item><title>Grøn skole</title><link>https://fjordby.example/skolen</link></item>
</rdf:RDF>""".encode()

RSS_20 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Fjordby på nettet</title><link>https://fjordby.example/</link>
<atom:link href="https://fjordby.example/rss" rel="self" type="application/rss+xml"/><description>Nyt</description>
<item><title><![CDATA[Søen er åben & fin]]></title><link>https://fjordby.example/soeen?utm_source=rss&amp;utm_medium=feed</link>
<guid isPermaLink="false">fjordby-1</guid><pubDate>Tue, 24 Nov 2026 07:00:00 +0100</pubDate>
<description><![CDATA[<p>Vi har <b>badet</b> siden kl.&nbsp;6.</p><p>Det var koldt.</p><script>alert(1)</script>]]></description>
<content:encoded><![CDATA[<p>Hele teksten</p><img src="/billeder/soeen.jpg">]]></content:encoded></item>
<item><title>Ny bro</title><guid>https://fjordby.example/broen</guid><description>214 cykler &amp;amp; &amp;aelig;</description>
<media:content url="https://fjordby.example/broen.jpg" medium="image"/></item>
<item><title>Grøn skole</title><link>/skolen</link></item>
</channel></rss>""".encode()

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="da"><title type="html">Fjordby &lt;i&gt;på&lt;/i&gt; nettet</title>
<id>tag:fjordby.example,2026:nyt</id><updated>2026-11-24T07:00:00Z</updated><link rel="self" href="https://fjordby.example/atom"/>
<entry><title type="html">Søen er &lt;b&gt;åben&lt;/b&gt;</title><id>tag:fjordby.example,2026:1</id><updated>2026-11-24T07:00:00Z</updated>
<published>2026-11-23T07:00:00Z</published><link rel="alternate" type="text/html" href="https://fjordby.example/soeen"/>
<link rel="enclosure" type="image/png" href="https://fjordby.example/soeen.png"/><summary>Vi har badet.</summary></entry>
<entry><title>Ny bro</title><id>2</id><updated>2026-11-22T07:00:00Z</updated><link href="broen"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>214 <em>cykler</em>.</p><p>På en time.</p></div></content></entry>
<entry xml:base="https://fjordby.example/skole/"><title>Grøn skole</title><id>3</id><updated>2026-11-21T07:00:00Z</updated><link href="regnbed"/></entry>
</feed>""".encode()

FORMATS = {
    "RSS 0.90": RSS_090,
    "RSS 0.91": RSS_091,
    "RSS 0.92": RSS_092,
    "RSS 1.0": RSS_10,
    "RSS 2.0": RSS_20,
    "Atom": ATOM,
}


def rss(*items: str, title: str = "Fjordby") -> bytes:
    """An RSS 2.0 feed of items."""
    whole = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>{title}</title>{whole}</channel></rss>'.encode()


def item(path: str, title: str = "Søen er åben", text: str = "Vi har badet.") -> str:
    """One item with a link of our own site, or any other."""
    address = path if ":" in path else f"https://fjordby.example/{path}"
    return f"<title>{title}</title><link>{address}</link><description>{text}</description>"
