//! The values of literals.

/// An integer literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Integer {
    /// Its value.
    pub(crate) value: u64,
    /// Whether it is written in base 10.
    pub(crate) decimal: bool,
    /// Whether it has the suffix `u`.
    pub(crate) unsigned: bool,
    /// How many `l` its suffix has.
    pub(crate) long: u8,
}

/// The value of an integer literal; `None` when it is a floating-point number or out of range.
pub(crate) fn integer(text: &str) -> Option<Integer> {
    let digits_end = if text.starts_with("0x") || text.starts_with("0X") {
        2 + text[2..].find(|c: char| !c.is_ascii_hexdigit() && c != '\'').unwrap_or(text.len() - 2)
    } else {
        let body = if text.starts_with("0b") || text.starts_with("0B") { 2 } else { 0 };
        body + text[body..].find(|c: char| !c.is_ascii_digit() && c != '\'').unwrap_or(text.len() - body)
    };
    let (digits, suffix) = text.split_at(digits_end);
    let suffix = suffix.to_ascii_lowercase();
    if !suffix.chars().all(|c| matches!(c, 'u' | 'l' | 'z' | 'i' | '6' | '4')) {
        return None;
    }
    let digits = digits.replace('\'', "").to_ascii_lowercase();
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'b', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits.as_str()),
    };
    let value = u64::from_str_radix(digits, base).ok()?;
    let long = suffix.matches('l').count().max(usize::from(suffix.contains("64"))) as u8;
    Some(Integer { value, decimal: base == 10, unsigned: suffix.contains('u'), long })
}

/// The value of a floating-point literal, and whether it is of type `float`.
pub(crate) fn float(text: &str) -> Option<(f64, bool)> {
    let text = text.replace('\'', "").to_ascii_lowercase();
    if let Some(hex) = text.strip_prefix("0x") {
        let (mantissa, exponent) = hex.split_once('p')?;
        let single = exponent.ends_with('f');
        let exponent: i32 = exponent.trim_end_matches(['f', 'l']).parse().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut value = 0.0_f64;
        for digit in whole.chars().chain(fraction.chars()) {
            value = value.mul_add(16.0, f64::from(digit.to_digit(16)?));
        }
        let scale = i32::try_from(fraction.len()).ok()?.saturating_mul(4);
        return Some((value * 2.0_f64.powi(exponent.saturating_sub(scale)), single));
    }
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | 'e' | '+' | '-')).unwrap_or(text.len());
    let value = text.get(..end)?.parse().ok()?;
    Some((value, text[end..].starts_with('f')))
}

/// The value of a character literal: of several characters, the last ones, as compilers have it.
pub(crate) fn character(text: &str) -> i64 {
    let wide = !text.starts_with('\'');
    let body = text.split_once('\'').map_or("", |(_, body)| body.strip_suffix('\'').unwrap_or(body));
    let units = units(body, wide);
    if let ([unit], false) = (&units[..], wide) {
        // A plain character is of type `char`, which is signed.
        return i64::from((*unit as u8).cast_signed());
    }
    if wide {
        return units.last().map_or(0, |unit| i64::from(*unit));
    }
    let folded = units.iter().fold(0_u32, |value, unit| value.wrapping_shl(8) | (unit & 0xff));
    i64::from(folded.cast_signed())
}

/// Whether a literal is of wide characters, by its prefix.
pub(crate) fn width(text: &str) -> u8 {
    match text.as_bytes() {
        [b'L' | b'U', ..] => 4,
        [b'u', b'8', ..] => 1,
        [b'u', ..] => 2,
        _ => 1,
    }
}

/// The units of a string literal, without its terminator.
pub(crate) fn string(text: &str) -> Vec<u32> {
    let wide = width(text) > 1;
    let Some(open) = text.find('"') else { return Vec::new() };
    let body = text[open + 1..].strip_suffix('"').unwrap_or(&text[open + 1..]);
    if text[..open].ends_with('R') {
        let delimiter = body.split('(').next().unwrap_or("").len();
        let inner = body.get(delimiter + 1..body.len().saturating_sub(delimiter + 1)).unwrap_or("");
        return plain(inner, wide);
    }
    units(body, wide)
}

fn plain(text: &str, wide: bool) -> Vec<u32> {
    if wide { text.chars().map(u32::from).collect() } else { text.bytes().map(u32::from).collect() }
}

/// The units of a literal's body, with escapes replaced.
fn units(body: &str, wide: bool) -> Vec<u32> {
    if !body.contains('\\') {
        return plain(body, wide);
    }
    let mut units = Vec::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>, base: u32, most: usize, start: u32| {
        let (mut value, mut count) = (start, 0);
        while count < most
            && let Some(digit) = chars.peek().and_then(|c| c.to_digit(base))
        {
            value = value.wrapping_mul(base).wrapping_add(digit);
            chars.next();
            count += 1;
        }
        if wide { value } else { value & 0xff }
    };
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend(plain(c.encode_utf8(&mut [0; 4]), wide));
            continue;
        }
        let unit = match chars.next() {
            Some('n') => 10,
            Some('t') => 9,
            Some('r') => 13,
            Some('a') => 7,
            Some('b') => 8,
            Some('f') => 12,
            Some('v') => 11,
            Some('e' | 'E') => 27,
            Some('x') => number(&mut chars, 16, 8, 0),
            Some(digit @ '0'..='7') => number(&mut chars, 8, 2, u32::from(digit) - 48),
            Some(kind @ ('u' | 'U')) => {
                let mut code = 0;
                for _ in 0..if kind == 'u' { 4 } else { 8 } {
                    let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)) else { break };
                    code = code * 16 + digit;
                    chars.next();
                }
                let c = char::from_u32(code).unwrap_or('\u{fffd}');
                units.extend(plain(c.encode_utf8(&mut [0; 4]), wide));
                continue;
            }
            Some(other) => {
                units.extend(plain(other.encode_utf8(&mut [0; 4]), wide));
                continue;
            }
            None => break,
        };
        units.push(unit);
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_bases_and_suffixes() {
        let value = |text| integer(text).map(|n| (n.value, n.unsigned, n.long));
        assert_eq!(value("0x1Fu"), Some((31, true, 0)));
        assert_eq!(value("0777UL"), Some((511, true, 1)));
        assert_eq!(value("0b101"), Some((5, false, 0)));
        assert_eq!(value("1'000LL"), Some((1000, false, 2)));
        assert_eq!(value("0"), Some((0, false, 0)));
        assert_eq!(value("0xffffffffffffffff"), Some((u64::MAX, false, 0)));
        for text in ["1.5", "1e3", "0x1p3", "99999999999999999999", "1f", ""] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn floats_are_read() {
        assert_eq!(float("1.5"), Some((1.5, false)));
        assert_eq!(float("2e3f"), Some((2000.0, true)));
        assert_eq!(float("0x1.8p1"), Some((3.0, false)));
        assert_eq!(float(".5L"), Some((0.5, false)));
    }

    #[test]
    fn characters_and_strings_have_escapes() {
        assert_eq!(character("'a'"), 97);
        assert_eq!(character("'\\''"), 39);
        assert_eq!(character("'\\377'"), -1);
        assert_eq!(character("L'\\x100'"), 256);
        assert_eq!(character("'ab'"), 0x6162);
        assert_eq!(string("\"a\\n\\0b\\x41\""), [97, 10, 0, 98, 65]);
        assert_eq!(string("R\"x(a\\n)x\""), [97, 92, 110]);
        assert_eq!(string("L\"\u{e9}\""), [0xe9]);
        assert_eq!(string("\"\u{e9}\""), [0xc3, 0xa9]);
        assert_eq!(string("\""), [0_u32; 0]);
    }
}
