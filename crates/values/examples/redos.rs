//! Judges the expressions of a file, one a line, and lets CPython run the texts that are said to be slow.
//!
//! A line has three columns apart by tabs: how it is run (`match`, `fullmatch`, `search`, `all`), the letters of its flags
//! (`imsxa`, or nothing), and the expression in hexadecimal UTF-8. For each slow one the growth, the attack and the expression
//! are printed; with `--python` besides, how the time of CPython's `re` grows when the repetitions double
//! (polynomial) or two are added (exponential). Those are times, which depend on the machine: nothing is asserted.

#![expect(clippy::print_stdout, reason = "a tool for developers")]

use assay_values::regex::{Flags, Growth, Run, cost};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Instant;

const SCRIPT: &str = r#"
import re, sys, time
def seconds(how, regex, text):
    start = time.perf_counter()
    {"match": regex.match, "fullmatch": regex.fullmatch, "search": regex.search, "all": regex.findall}[how](text)
    return time.perf_counter() - start
for line in sys.stdin:
    how, flags, growth, pattern, *parts = line.rstrip("\n").split("\t")
    pattern, *parts = [bytes.fromhex(p).decode() for p in [pattern, *parts]]
    regex = re.compile(pattern, sum(getattr(re, f.upper()) for f in flags))
    prefix, *pumps, suffix = parts
    def text(n):
        return prefix + "".join(w * n + b for w, b in zip(pumps[::2], pumps[1::2])) + suffix
    n, times = (2, []) if growth == "exponential" else (16, [])
    while n < 100000 and (not times or times[-1] < 0.2):
        times.append(seconds(how, regex, text(n)))
        n = n + 2 if growth == "exponential" else n * 2
    ratio = times[-1] / max(times[-2], 1e-9) if len(times) > 1 else 0
    print(f"{growth}\t{ratio:.1f}\t{n}\t{times[-1]:.3f}s\t{how}\t{pattern[:100]!r}")
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let python = args.iter().any(|a| a == "--python");
    args.retain(|a| a != "--python");
    let mut input = String::new();
    match args.first() {
        Some(path) => input = std::fs::read_to_string(path)?,
        None => {
            std::io::stdin().read_to_string(&mut input)?;
        }
    }
    let mut slow = String::new();
    let (mut judged, mut refused, mut incomplete) = (0, 0, 0);
    let mut times = Vec::new();
    for line in input.lines() {
        let mut columns = line.split('\t');
        let (Some(how), Some(letters), Some(hex)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let run = match how {
            "match" => Run::Match,
            "fullmatch" => Run::FullMatch,
            "search" => Run::Search,
            _ => Run::All,
        };
        let flags = letters.chars().fold(Flags::NONE, |f, c| f.with(Flags::from_name(&c.to_uppercase().to_string())));
        let pattern = decode(hex).unwrap_or_default();
        let start = Instant::now();
        let Ok(cost) = cost(&pattern, flags, run) else {
            refused += 1;
            println!("refused\t{pattern:?}");
            continue;
        };
        times.push((start.elapsed().as_micros(), pattern.clone()));
        judged += 1;
        incomplete += usize::from(!cost.gaps.is_empty());
        let Some(found) = cost.slow else { continue };
        let growth = match found.growth {
            Growth::Exponential => "exponential".to_owned(),
            Growth::Polynomial(degree) => format!("power {degree}"),
        };
        println!("{growth}\t{how}\t{:?}\t{:?}\t{:?}", found.attack, found.steps, pattern);
        write!(slow, "{how}\t{letters}\t{growth}\t{hex}\t{}", encode(&found.attack.prefix))?;
        for (word, between) in &found.attack.pumps {
            write!(slow, "\t{}\t{}", encode(word), encode(between))?;
        }
        writeln!(slow, "\t{}", encode(&found.attack.suffix))?;
    }
    times.sort_unstable();
    let all: u128 = times.iter().map(|(t, _)| t).sum();
    let at =
        |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).map_or(0, |t| t.0);
    println!(
        "{judged} judged, {refused} refused, {incomplete} incomplete; µs: {all} in all, median {}, 99% {}, most {}",
        at(50),
        at(99),
        at(100)
    );
    for (time, pattern) in times.iter().rev().take(3) {
        println!("{time} µs\t{}", pattern.chars().take(120).collect::<String>());
    }
    if python {
        let mut child = Command::new("python3").args(["-c", SCRIPT]).stdin(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(slow.as_bytes())?;
        }
        child.wait()?;
    }
    Ok(())
}

fn decode(hex: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> =
        (0..hex.len() / 2).map(|i| u8::from_str_radix(hex.get(i * 2..i * 2 + 2)?, 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}

fn encode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |d: u8| char::from(DIGITS[usize::from(d)]);
    text.bytes().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}
