//! Any text, taken for a regular expression, is parsed and judged without a panic, and what it is said to cost is what a
//! replay shows.
#![no_main]

use assay_values::regex::{Flags, Run, cost, parse_certain};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for (flags, how) in [(Flags::NONE, Run::Match), (Flags::VERBOSE.with(Flags::IGNORE_CASE), Run::All)] {
        let Ok(found) = cost(text, flags, how) else { continue };
        let Some(slow) = found.slow else { continue };
        let regex = parse_certain(text, flags).expect("it was parsed before");
        let (repetitions, steps) = *slow.steps.last().expect("a replay has samples");
        let outcome = regex.replay(how, &slow.attack.text(repetitions), u64::MAX).expect("it was run before");
        assert_eq!(outcome.steps, steps);
    }
});
