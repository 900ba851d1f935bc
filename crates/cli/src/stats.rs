//! Figures for people: what there was to do, and what it took.

use assay_engine::Reviewed;
use std::fmt::Write;

/// The lines of `--stats`.
pub(crate) fn table(reviewed: &Reviewed) -> String {
    let statistics = &reviewed.review.statistics;
    let names = statistics.counts.iter().map(|(name, _)| name).chain(statistics.stages.iter().map(|(name, ..)| name));
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0).max(12);
    let mut out = String::from("statistics\n");
    // Writing to a string cannot fail.
    for (name, count) in &statistics.counts {
        let _ = writeln!(out, "  {name:width$} {:>12}", grouped(*count));
    }
    let _ = writeln!(out, "  {:width$} {:>12} {:>12}", "", "wall s", "cpu s");
    let (mut wall, mut cpu) = (0.0, 0.0);
    for (name, stage_wall, stage_cpu) in &statistics.stages {
        wall += stage_wall;
        cpu += stage_cpu;
        let _ = writeln!(out, "  {name:width$} {stage_wall:>12.3} {stage_cpu:>12.3}");
    }
    let _ = writeln!(out, "  {:width$} {wall:>12.3} {cpu:>12.3}", "total");
    if let Some(bytes) = reviewed.peak_memory {
        let _ = writeln!(out, "  {:width$} {:>9} MB", "peak memory", grouped(bytes / 1_000_000));
    }
    out.truncate(out.trim_end().len());
    out
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
