//! As much of a browser as a page with one form takes.

use barrow_wire::escaped;

/// Where a page's form is sent to, and its hidden fields.
pub fn form(page: &str) -> (String, Vec<(String, String)>) {
    let action = attribute(page, "action").expect("the page has a form");
    let fields = page.split("<input ").skip(1).map(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = attribute(tag, "name").expect("a field has a name");
        (name, attribute(tag, "value").unwrap_or_default())
    });
    (action, fields.collect())
}

/// What a browser sends when a button called `answer` is pressed.
pub fn filled(fields: &[(String, String)], answer: &str) -> String {
    let mut parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    parts.push(format!("answer={answer}"));
    parts.join("&")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let value = value.replace("&quot;", "\"").replace("&lt;", "<");
    Some(value.replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::{filled, form};

    #[test]
    fn a_form_is_read_and_sent_as_it_stands() {
        let page = "<form method=\"post\" action=\"/go\"><input type=\"hidden\" name=\"a\" \
                    value=\"1 &amp; &quot;2&quot;\"><button name=\"answer\" value=\"agree\">";
        let (action, fields) = form(page);
        assert_eq!(action, "/go");
        assert_eq!(fields, [("a".to_owned(), "1 & \"2\"".to_owned())]);
        assert_eq!(filled(&fields, "agree"), "a=1%20%26%20%222%22&answer=agree");
    }
}
