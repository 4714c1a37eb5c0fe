"""What somebody else's HTML says, as plain text."""

from selectolax.lexbor import LexborHTMLParser

# Parsing takes time with depth: nobody's summary is longer than this.
MOST_PARSED = 60_000
BLOCKS = (
    "address, article, aside, blockquote, dd, div, dl, dt, figcaption, figure, footer, h1, h2, h3, h4, h5, h6, "
    "header, hr, li, main, nav, ol, p, pre, section, table, tr, ul"
)
UNREAD = "script, style, template, noscript, iframe, object, svg, head"
PARAGRAPH, LINE = "\ue000", "\ue001"  # of Unicode's private use, which no text brings


def plain(html: str) -> str:
    """The text of some HTML: entities read, scripts left out, a line between paragraphs, spaces as they are read."""
    text = html[:MOST_PARSED].encode("utf-8", "ignore").decode()  # no half characters
    text = text.replace("\0", "").replace(PARAGRAPH, "").replace(LINE, "")
    if "<" in text or "&" in text:
        text = _text_of(text)
    paragraphs = [_lines(part) for part in text.replace("\n\n", PARAGRAPH).split(PARAGRAPH)]
    return "\n\n".join(part for part in paragraphs if part)


def _text_of(html: str) -> str:
    tree = LexborHTMLParser(" ".join(html.split()))
    tree.strip_tags(UNREAD.split(", "))
    for node in tree.css("br"):
        node.insert_before(LINE)
    for node in tree.css(BLOCKS):
        node.insert_before(PARAGRAPH)
        node.insert_after(PARAGRAPH)
    return tree.body.text() if tree.body else ""


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(LINE))
    return "\n".join(line for line in lines if line)


def one_line(html: str, most: int) -> str:
    """The same on one line, and no longer than `most` characters."""
    text = " ".join(plain(html).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
