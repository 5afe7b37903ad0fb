//! Descriptions that eBay takes: no active content, within its lengths.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

/// Longest description of an item (ebay.md §6.2).
const ITEM_CHARS_MAX: usize = 4000;

/// Elements of which descriptions are built beside those of plain texts.
const DESIGN_TAGS: [&str; 7] = [
    "font", "big", "main", "section", "picture", "source", "meta",
];
/// Attributes that tell how any element looks, and what of it phones show first (`vocab`, `typeof`
/// and `property`).
const DESIGN_ATTRIBUTES: [&str; 22] = [
    "style",
    "class",
    "id",
    "align",
    "valign",
    "bgcolor",
    "background",
    "color",
    "face",
    "size",
    "border",
    "bordercolor",
    "cellpadding",
    "cellspacing",
    "width",
    "height",
    "hspace",
    "vspace",
    "role",
    "vocab",
    "typeof",
    "property",
];
/// What brings code into a style.
const ACTIVE_STYLES: [&str; 4] = ["expression(", "javascript:", "behavior:", "-moz-binding"];

/// Keeps a description's design and drops what runs, frames and asks: what eBay's policy forbids.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = plain_cleaner();
    builder
        .rm_clean_content_tags(&["style"])
        .add_tags(["style"])
        .add_tag_attributes("style", &["type", "media"]);
    builder
});

/// The same without sheets of styles.
static SHEETLESS: LazyLock<Builder<'static>> = LazyLock::new(plain_cleaner);

fn plain_cleaner() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(DESIGN_TAGS)
        .add_generic_attributes(DESIGN_ATTRIBUTES)
        .add_tag_attributes("a", &["target", "name"])
        .add_tag_attributes("meta", &["name", "content"])
        .add_tag_attributes("source", &["srcset", "media", "type"])
        .attribute_filter(|_, name, value| {
            let is_design = matches!(name, "style" | "background");
            (!(is_design && is_active(value))).then_some(Cow::Borrowed(value))
        });
    builder
}

/// What stands in the sheets of styles of clean HTML, one after the other.
fn sheets(html: &str) -> String {
    let parts = html.split("<style").skip(1);
    let sheets = parts.filter_map(|part| part.split("</style").next());
    sheets.collect()
}

/// Whether a style holds code. Blanks and comments could hide it.
fn is_active(style: &str) -> bool {
    let plain: String = style
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '\\')
        .flat_map(char::to_lowercase)
        .collect();
    ACTIVE_STYLES.iter().any(|active| plain.contains(active))
}

/// The listing's description: HTML without scripts, frames, forms and event handlers, which eBay's
/// policy forbids and eBay stores all the same (ebay.md §15). Plain text keeps its lines. A product
/// that nobody has described is described by its title, since eBay publishes nothing without.
pub fn full_description(title: &str, description: &str) -> String {
    let given = description.trim();
    if given.is_empty() {
        return as_html(title.trim());
    }
    if !ammonia::is_html(given) {
        return as_html(given);
    }
    let cleaned = CLEANER.clean(given).to_string();
    // A sheet of styles in which code hides is no use without what it hides in.
    let cleaned = match is_active(&sheets(&cleaned)) {
        true => SHEETLESS.clean(given).to_string(),
        false => cleaned,
    };
    if cleaned.trim().is_empty() {
        as_html(title.trim())
    } else {
        cleaned
    }
}

/// The item's own description: the listing's where it fits, else its beginning without markup. The
/// buyer reads the listing's.
pub fn item_description(full: &str) -> String {
    if full.chars().count() <= ITEM_CHARS_MAX {
        return full.to_owned();
    }
    let text = Builder::new().tags(HashSet::new()).clean(full).to_string();
    let mut words = String::new();
    for word in text.split_whitespace() {
        // One place is kept for the sign that there is more.
        if words.chars().count() + word.chars().count() + 2 > ITEM_CHARS_MAX {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words.push('…');
    words
}

fn as_html(text: &str) -> String {
    // Written out instead of `ammonia::clean_text`, which encodes blanks and slashes as well.
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\r' => {}
            '\n' => html.push_str("<br>"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{full_description, item_description};

    #[test]
    fn active_content_goes_and_the_rest_stays() {
        let check = |given: &str, expected: &str| {
            assert_eq!(full_description("Title", given), expected, "{given}");
        };
        check("<p>Good <b>boots</b></p>", "<p>Good <b>boots</b></p>");
        check(
            "<p onclick=\"x()\">a</p><script>alert(1)</script>",
            "<p>a</p>",
        );
        let design = "<style>.t { color: red }</style><div class=\"t\" style=\"color: blue\">\
            <font color=\"red\" size=\"2\"><center>Boots</center></font></div>";
        check(design, design);
        let for_phones = "<div vocab=\"https://schema.org/\" typeof=\"Product\">\
            <span property=\"description\">Good boots</span></div>";
        check(for_phones, for_phones);
        check("<p style=\"width: expression(alert(1))\">a</p>", "<p>a</p>");
        check(
            "<style>p { b\\65havior: url(x); behavior: url(y) }</style><p>a</p>",
            "<p>a</p>",
        );
        check(
            "<style>p { behavior: url(y) }</style><p class=\"x\">a</p>",
            "<p class=\"x\">a</p>",
        );
        let words = "<style>.t { color: red }</style><p class=\"t\">JavaScript: The Guide</p>\
            <p>Behavior: calm, with gene expression (PCR)</p>";
        check(words, words);
        check("<p>a</p><iframe src=\"https://x\"></iframe>", "<p>a</p>");
        check("<form action=\"/\"><p>a</p></form>", "<p>a</p>");
        check("two\r\nlines & <3", "two<br>lines &amp; &lt;3");
        check("  ", "Title");
        check("<script>x</script>", "Title");
    }

    #[test]
    fn a_long_description_is_shortened_for_the_item_only() {
        let full = format!("<p>{}</p>", "word ".repeat(2000));
        let short = item_description(&full);
        assert!(short.chars().count() <= 4000);
        assert!(short.starts_with("word word"));
        assert!(short.ends_with('…'));
        assert_eq!(item_description("<p>short</p>"), "<p>short</p>");
    }
}
