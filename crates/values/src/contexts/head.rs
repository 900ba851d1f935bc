//! Heads of messages: lines of a name and a value that end with carriage return and line feed, as HTTP and mail have them.

use super::HOLE;

/// Whether a text has lines of a head in it.
pub fn reads_as_head(text: &str) -> bool {
    let Some((lines, _)) = text.rsplit_once("\r\n") else { return false };
    lines.split("\r\n").any(|line| is_request_or_status(line) || is_field(line))
}

fn is_request_or_status(line: &str) -> bool {
    line.starts_with("HTTP/1.") || line.contains(" HTTP/1.")
}

/// Whether a line is `name: value`, where each may be a hole.
fn is_field(line: &str) -> bool {
    let Some((name, _)) = line.split_once(':') else { return false };
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == HOLE;
    !name.is_empty() && name.chars().all(part) && name.starts_with(|c: char| c.is_ascii_uppercase() || c == HOLE)
}

#[cfg(test)]
mod tests {
    use super::reads_as_head;

    #[test]
    fn heads_are_told_from_other_lines() {
        let hole = super::HOLE;
        for head in [
            format!("GET {hole} HTTP/1.1\r\nHost: {hole}\r\n\r\n"),
            format!("Location: {hole}\r\n"),
            format!("{hole}: {hole}\r\n"),
        ] {
            assert!(reads_as_head(&head), "{head:?}");
        }
        for other in [format!("{hole}\r\n"), format!("Name: {hole}\n"), format!("could not open {hole}: {hole}\r\n")] {
            assert!(!reads_as_head(&other), "{other:?}");
        }
    }
}
