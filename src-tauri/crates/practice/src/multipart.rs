//! Multipart forms, of which a marketplace takes one part by its name.

/// The longest boundary, in bytes (RFC 2046 §5.1.1).
const BOUNDARY_BYTES_MAX: usize = 70;

/// A part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FilePart<'a> {
    pub(crate) file_name: Option<String>,
    pub(crate) content: &'a [u8],
}

/// Returns the boundary that a content type names.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let value = rest
        .split(';')
        .find_map(|part| part.trim().strip_prefix("boundary="))?;
    let value = value.trim_matches('"');
    (!value.is_empty() && value.len() <= BOUNDARY_BYTES_MAX).then_some(value)
}

/// Returns the part of a name; none where the form is broken or has no such part.
pub(crate) fn part<'a>(body: &'a [u8], boundary: &str, name: &str) -> Option<FilePart<'a>> {
    let delimiter = format!("--{boundary}");
    let mut rest = &body[find(body, delimiter.as_bytes())?..];
    loop {
        rest = rest.strip_prefix(delimiter.as_bytes())?;
        if rest.starts_with(b"--") {
            return None;
        }
        let rest_of_part = rest.strip_prefix(b"\r\n")?;
        let head_end = find(rest_of_part, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&rest_of_part[..head_end]).ok()?;
        let content = &rest_of_part[head_end + 4..];
        let content_end = find(content, format!("\r\n{delimiter}").as_bytes())?;
        if parameter(head, "name").as_deref() == Some(name) {
            let file_name = parameter(head, "filename");
            return Some(FilePart {
                file_name,
                content: &content[..content_end],
            });
        }
        rest = &content[content_end + 2..];
    }
}

fn parameter(head: &str, name: &str) -> Option<String> {
    let line = head.split("\r\n").find(|line| {
        line.to_ascii_lowercase()
            .starts_with("content-disposition:")
    })?;
    line.split(';').skip(1).find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim_matches('"').to_owned())
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(offset) = haystack.get(from..)?.iter().position(|byte| *byte == first) {
        if haystack[from + offset..].starts_with(needle) {
            return Some(from + offset);
        }
        from += offset + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{boundary, part};

    const FORM: &[u8] = b"--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n\
        --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"feed.json\"\r\n\
        Content-Type: application/json\r\n\r\n{\"a\":\"--xy\"}\r\n--xyz--\r\n";

    #[test]
    fn the_file_is_found_among_other_parts() {
        let file = part(FORM, "xyz", "file").unwrap();
        assert_eq!(file.file_name.as_deref(), Some("feed.json"));
        assert_eq!(file.content, br#"{"a":"--xy"}"#);
        assert_eq!(part(FORM, "xyz", "image"), None);
        assert_eq!(part(FORM, "other", "file"), None);
        assert_eq!(part(b"--xyz--\r\n", "xyz", "file"), None);
    }

    #[test]
    fn a_content_type_without_boundary_is_no_form() {
        assert_eq!(
            boundary("multipart/form-data; boundary=\"a b\""),
            Some("a b")
        );
        assert_eq!(
            boundary("multipart/form-data; charset=x; boundary=abc"),
            Some("abc")
        );
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("application/json"), None);
    }
}
