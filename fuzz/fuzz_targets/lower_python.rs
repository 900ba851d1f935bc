//! Any text can be lowered: without a panic, to a module that keeps the rules of the representation and
//! prints and parses back to the same text.
#![no_main]

use assay_ir::{GapReason, text_form, verify};
use assay_lang_python::lower_source;
use libfuzzer_sys::fuzz_target;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock};

/// Stack of the thread that lowers: instrumented code needs several times that of the product.
const STACK_BYTES: usize = 2 << 30;

type Worker = Mutex<(Sender<String>, Receiver<Result<(), String>>)>;

/// One thread with a large stack serves all runs.
fn worker() -> &'static Worker {
    static WORKER: OnceLock<Worker> = OnceLock::new();
    WORKER.get_or_init(|| {
        let (source_to, source_from) = channel::<String>();
        let (result_to, result_from) = channel();
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let spawned = thread.spawn(move || {
            for source in source_from {
                if result_to.send(check(&source)).is_err() {
                    return;
                }
            }
        });
        spawned.expect("a thread starts");
        Mutex::new((source_to, result_from))
    })
}

fn check(source: &str) -> Result<(), String> {
    let module = lower_source(source);
    if let Some(gap) = module.gaps.iter().find(|gap| matches!(gap.reason, GapReason::Panic(_))) {
        return Err(format!("{gap:?}"));
    }
    verify(&module).map_err(|error| error.to_string())?;
    let text = text_form::print(&module);
    let again = text_form::parse(&text).map_err(|error| format!("{error}\n{text}"))?;
    if text_form::print(&again) == text { Ok(()) } else { Err(format!("prints differently:\n{text}")) }
}

fuzz_target!(|data: &[u8]| {
    let source = String::from_utf8_lossy(data).into_owned();
    let worker = worker().lock().expect("no run panicked");
    worker.0.send(source).expect("the thread lives");
    if let Err(message) = worker.1.recv().expect("the thread lives") {
        panic!("{message}");
    }
});
