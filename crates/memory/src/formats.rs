//! Formats of `printf` and `scanf`.

/// A part of a format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Directive {
    /// So many characters of plain text.
    Text(usize),
    /// A value.
    Value {
        /// The letter at the end; `[` for a set of characters.
        letter: char,
        /// The number in front: the least width, or for `scanf` the most.
        width: Option<u32>,
        /// The number behind the dot.
        precision: Option<u32>,
        /// Whether a number is taken from an argument.
        star: bool,
        /// Whether an argument gets the value (`scanf`): not with `%*d`.
        assigned: bool,
    },
}

/// The parts of a format; with `scan`, of `scanf`.
pub(crate) fn directives(format: &str, scan: bool) -> Vec<Directive> {
    let mut out = Vec::new();
    let mut chars = format.chars().take_while(|c| *c != '\0').peekable();
    let mut text = 0;
    while let Some(c) = chars.next() {
        if c != '%' {
            text += 1;
            continue;
        }
        if text > 0 {
            out.push(Directive::Text(text));
            text = 0;
        }
        let (mut star, mut assigned) = (false, true);
        while let Some(c) = chars.peek() {
            match c {
                '*' if scan => assigned = false,
                '-' | '+' | ' ' | '#' | '0' | '\'' if !scan => {}
                'm' if scan => {}
                _ => break,
            }
            chars.next();
        }
        let width = read_number(&mut chars, &mut star);
        let precision = if chars.peek() == Some(&'.') {
            chars.next();
            Some(read_number(&mut chars, &mut star).unwrap_or(0))
        } else {
            None
        };
        while let Some(c) = chars.peek() {
            if matches!(c, 'h' | 'l' | 'j' | 'z' | 't' | 'L' | 'q') {
                chars.next();
            } else {
                break;
            }
        }
        let Some(letter) = chars.next() else { break };
        if scan && letter == '[' {
            // A closing bracket right at the start is part of the set.
            let mut first = true;
            for c in chars.by_ref() {
                if c == ']' && !first {
                    break;
                }
                first = first && c == '^';
            }
        }
        out.push(Directive::Value { letter, width, precision, star, assigned });
    }
    if text > 0 {
        out.push(Directive::Text(text));
    }
    out
}

/// A number, or `*`.
fn read_number(chars: &mut std::iter::Peekable<impl Iterator<Item = char>>, star: &mut bool) -> Option<u32> {
    if chars.peek() == Some(&'*') {
        chars.next();
        *star = true;
        return None;
    }
    let mut out = None;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        out = Some(out.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
        chars.next();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(letter: char, width: Option<u32>, precision: Option<u32>) -> Directive {
        Directive::Value { letter, width, precision, star: false, assigned: true }
    }

    #[test]
    fn formats_of_printf_are_taken_apart() {
        assert_eq!(
            directives("a%5d%%%.3s%lu", false),
            [
                Directive::Text(1),
                value('d', Some(5), None),
                value('%', None, None),
                value('s', None, Some(3)),
                value('u', None, None)
            ]
        );
    }

    #[test]
    fn formats_of_scanf_skip_what_is_not_assigned() {
        let parts = directives("%*d %31s%[^]x]%d", true);
        let assigned: Vec<(char, Option<u32>)> = parts
            .iter()
            .filter_map(|d| match d {
                Directive::Value { letter, width, assigned: true, .. } => Some((*letter, *width)),
                _ => None,
            })
            .collect();
        assert_eq!(assigned, [('s', Some(31)), ('[', None), ('d', None)]);
    }
}
