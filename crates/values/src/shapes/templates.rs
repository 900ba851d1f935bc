//! The small languages inside texts: `%` formats, `str.format` fields and `string.Template`.

use super::Conversion;

/// Where a field takes its value from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The argument at this position.
    Position(usize),
    /// The argument, or entry, of this name.
    Name(String),
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Constant text.
    Text(String),
    /// A field.
    Field {
        /// Where its value comes from.
        source: Source,
        /// Attributes or indexes that are read from the value before.
        has_path: bool,
        /// How it becomes text.
        conversion: Conversion,
    },
}

#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    text: String,
}

impl Parts {
    fn field(&mut self, source: Source, has_path: bool, conversion: Conversion) {
        self.flush();
        self.parts.push(Part::Field { source, has_path, conversion });
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
    }

    fn finish(mut self) -> Vec<Part> {
        self.flush();
        self.parts
    }
}

/// How the last character of a format specification turns the value into text.
pub(super) fn by_format_spec(spec: &str) -> Conversion {
    match spec.chars().next_back() {
        Some('b' | 'd' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | 'o' | 'x' | 'X')
            if spec.chars().rev().skip(1).all(|c| c.is_ascii_digit() || "<>=^+- #,._0z".contains(c)) =>
        {
            Conversion::Number
        }
        Some('%') => Conversion::Number,
        _ => Conversion::Plain,
    }
}

/// Takes a `%` format apart; `next` is the position of the first value to use, and is moved on.
pub(super) fn percent(text: &str, next: &mut usize) -> Vec<Part> {
    let mut out = Parts::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.text.push(c);
            continue;
        }
        let mut raw = String::from("%");
        let mut name = None;
        if chars.peek() == Some(&'(') {
            let mut key = String::new();
            let mut depth = 0;
            for c in chars.by_ref() {
                raw.push(c);
                match c {
                    '(' => {
                        depth += 1;
                        if depth == 1 {
                            continue;
                        }
                    }
                    ')' => {
                        depth -= 1;
                        if depth == 0 {
                            break;
                        }
                    }
                    _ => {}
                }
                key.push(c);
            }
            name = Some(key);
        }
        let mut stars = 0;
        while let Some(&c) = chars.peek() {
            if !matches!(c, '#' | '0'..='9' | '-' | ' ' | '+' | '.' | '*' | 'h' | 'l' | 'L') {
                break;
            }
            stars += usize::from(c == '*');
            raw.push(c);
            chars.next();
        }
        let conversion = match chars.next() {
            Some('%') => {
                out.text.push('%');
                continue;
            }
            Some('d' | 'i' | 'o' | 'u' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G') => Conversion::Number,
            Some('r' | 'a') => Conversion::Repr,
            Some('s' | 'c' | 'b') => Conversion::Plain,
            other => {
                // No conversion: Python would raise; the text stands for itself.
                out.text.push_str(&raw);
                out.text.extend(other);
                continue;
            }
        };
        let source = if let Some(name) = name {
            Source::Name(name)
        } else {
            *next += stars + 1;
            Source::Position(*next - 1)
        };
        out.field(source, false, conversion);
    }
    out.finish()
}

/// Takes a `str.format` text apart; `next` is the number of the next field without a name.
pub(super) fn format(text: &str, next: &mut usize) -> Vec<Part> {
    let mut out = Parts::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
                out.text.push('{');
            }
            '}' => {
                if chars.peek() == Some(&'}') {
                    chars.next();
                }
                out.text.push('}');
            }
            '{' => {
                let mut field = String::new();
                let mut depth = 1;
                for c in chars.by_ref() {
                    match c {
                        '{' => depth += 1,
                        '}' => {
                            depth -= 1;
                            if depth == 0 {
                                break;
                            }
                        }
                        _ => {}
                    }
                    field.push(c);
                }
                let (target, spec) = field.split_once(':').unwrap_or((&field, ""));
                let (target, conversion) = target.split_once('!').unwrap_or((target, ""));
                let end = target.find(['.', '[']).unwrap_or(target.len());
                let name = &target[..end];
                let source = if name.is_empty() {
                    *next += 1;
                    Source::Position(*next - 1)
                } else if let Ok(position) = name.parse() {
                    Source::Position(position)
                } else {
                    Source::Name(name.to_owned())
                };
                let conversion = match conversion {
                    "r" | "a" => Conversion::Repr,
                    _ => by_format_spec(spec),
                };
                out.field(source, end < target.len(), conversion);
                // A nested field in the specification takes a number of its own.
                *next += spec.matches("{}").count();
            }
            c => out.text.push(c),
        }
    }
    out.finish()
}

/// Takes the text of a `string.Template` apart.
pub(super) fn dollar(text: &str) -> Vec<Part> {
    let mut out = Parts::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '$' {
            out.text.push(c);
            continue;
        }
        match chars.peek() {
            Some('$') => {
                chars.next();
                out.text.push('$');
            }
            Some('{') => {
                chars.next();
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                out.field(Source::Name(name), false, Conversion::Plain);
            }
            Some(c) if c.is_ascii_alphabetic() || *c == '_' => {
                let mut name = String::new();
                while let Some(&c) = chars.peek() {
                    if !c.is_ascii_alphanumeric() && c != '_' {
                        break;
                    }
                    name.push(c);
                    chars.next();
                }
                out.field(Source::Name(name), false, Conversion::Plain);
            }
            _ => out.text.push('$'),
        }
    }
    out.finish()
}
