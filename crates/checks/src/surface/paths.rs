//! Paths of routes in one form: `/servers/{id}/action`.

/// The longest path that is shown.
const MAX_PATH: usize = 400;

/// A prefix and what stands below it.
pub(super) fn join(prefix: &str, rest: &str) -> String {
    if prefix.is_empty() {
        return rest.to_owned();
    }
    if rest.is_empty() {
        return prefix.to_owned();
    }
    match (prefix.ends_with('/'), rest.starts_with('/')) {
        (true, true) => format!("{}{rest}", prefix.trim_end_matches('/')),
        (false, false) => format!("{prefix}/{rest}"),
        _ => format!("{prefix}{rest}"),
    }
}

/// A path as frameworks write it, with `{name}` for what varies: of `<int:name>`, `{name:int}`, `:name`, `(?P<name>…)`.
pub(super) fn plain(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 1);
    let regex = path.starts_with('^') || path.ends_with('$') || path.contains("(?P<") || path.contains("\\d");
    let mut rest = path.trim_start_matches('^').trim_end_matches('$');
    if !rest.starts_with('/') {
        out.push('/');
    }
    while let Some(c) = rest.chars().next() {
        match c {
            '<' | '{' => {
                let close = if c == '<' { '>' } else { '}' };
                let Some(end) = rest.find(close) else {
                    out.push_str(rest);
                    break;
                };
                push_hole(&mut out, hole(&rest[1..end]));
                rest = &rest[end + 1..];
            }
            '(' if regex => {
                let end = group_end(rest);
                let inside = rest.get(1..end.saturating_sub(1)).unwrap_or_default();
                if let Some(name) = inside.strip_prefix("?P<").and_then(|t| t.split('>').next()) {
                    push_hole(&mut out, name);
                } else if !inside.starts_with("?:") && !inside.starts_with("?=") && !inside.starts_with("?!") {
                    out.push_str("{}");
                } else {
                    out.push_str(&rest[..end]);
                }
                rest = &rest[end..];
                rest = rest.trim_start_matches(['?', '*', '+']);
            }
            '\\' if regex => {
                rest = &rest[1..];
                if let Some(next) = rest.chars().next()
                    && !next.is_alphanumeric()
                {
                    out.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
            '?' | '$' | '^' if regex => rest = &rest[1..],
            ':' if out.ends_with('/') => {
                let end = rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest.len(), |at| at + 1);
                push_hole(&mut out, &rest[1..end]);
                rest = &rest[end..];
            }
            c => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    if out.chars().count() > MAX_PATH {
        out = out.chars().take(MAX_PATH).collect();
        out.push('…');
    }
    out
}

fn push_hole(out: &mut String, name: &str) {
    out.push('{');
    out.push_str(name);
    out.push('}');
}

/// The name in a hole: of `int:name` (Werkzeug, Django) and `name:int` (Starlette).
fn hole(text: &str) -> &str {
    const CONVERTERS: [&str; 11] =
        ["int", "float", "uuid", "path", "str", "string", "slug", "re", "any", "default", "number"];
    match text.split_once(':') {
        Some((left, right)) => {
            let converter = left.split('(').next().unwrap_or(left);
            if CONVERTERS.contains(&converter.trim())
                || !left.contains('_')
                    && !CONVERTERS.contains(&right)
                    && right.chars().all(|c| c.is_alphanumeric() || c == '_')
            {
                right.trim()
            } else {
                left.trim()
            }
        }
        None => text.trim(),
    }
}

/// Where the group that `text` begins with ends.
fn group_end(text: &str) -> usize {
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The names of the holes of a path.
pub(super) fn holes(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_all_frameworks_look_alike() {
        assert_eq!(plain("/users/<int:id>/<name>"), "/users/{id}/{name}");
        assert_eq!(plain("users/<uuid:pk>/"), "/users/{pk}/");
        assert_eq!(plain(r"^articles/(?P<year>[0-9]{4})/(\d+)/$"), "/articles/{year}/{}/");
        assert_eq!(plain("/files/{rest:path}"), "/files/{rest}");
        assert_eq!(plain("/:tenant/x"), "/{tenant}/x");
        assert_eq!(plain(r"^api/v1\.0/(?:x|y)$"), "/api/v1.0/(?:x|y)");
        assert_eq!(plain(""), "/");
        assert_eq!(plain("/a/<broken"), "/a/<broken");
        assert_eq!(holes("/a/{b}/{c}").collect::<Vec<_>>(), ["b", "c"]);
    }

    #[test]
    fn prefixes_join_with_one_slash() {
        assert_eq!(join("/api/", "/users"), "/api/users");
        assert_eq!(join("/api", "users"), "/api/users");
        assert_eq!(join("", "/users"), "/users");
        assert_eq!(join("/api", ""), "/api");
    }
}
