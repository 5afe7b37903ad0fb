//! Descriptions that eBay takes: no active content, within its lengths.

use std::collections::HashSet;

use ammonia::Builder;

/// Longest description of an item (ebay.md §6.2).
const ITEM_CHARS_MAX: usize = 4000;

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
    let cleaned = ammonia::clean(given);
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
