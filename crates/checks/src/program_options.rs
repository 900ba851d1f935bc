//! Options by which a program that is started gives up a protection of its own: `curl -k`, `ssh -o StrictHostKeyChecking=no`.
//!
//! - A *command* is a list whose first text is the name of a program, or a text that begins with one and is handed to a function
//!   that gives texts to a shell.
//! - A *switch* is an argument of a program, or one that only one kind of program has.
//!
//! What is added to a command under a condition is somebody's choice, and so is one of two commands.

use crate::code::{Code, Defect};
use crate::{Check, Examined, check};
use assay_dataflow::{Dominators, ValueBlocks};
use assay_finding::Confidence;
use assay_ir::{ArgKind, BinaryOp, BlockId, Collection, Const, Op, Piece, Terminator, Value};
use assay_models::SinkKind;
use assay_resolve::FuncId;

/// Stands for what is not known.
const UNKNOWN: &str = "\0";

/// An argument that gives up a protection.
struct Switch {
    /// Programs that have it; none: whatever program it is, the argument says enough.
    programs: &'static [&'static str],
    /// The argument, in lower case where it has more than two characters.
    arguments: &'static [&'static str],
    /// The same as a letter in a group of letters: `-sk`.
    letter: Option<char>,
    /// The check that it is about.
    check: &'static str,
    /// What it does, after the argument.
    does: &'static str,
    /// What to do instead.
    solution: &'static str,
}

const SWITCHES: &[Switch] = &[
    Switch {
        programs: &["curl"],
        arguments: &["--insecure", "--proxy-insecure"],
        letter: Some('k'),
        check: "tls-verification-disabled",
        does: "makes it talk to whoever answers, whatever certificate is shown",
        solution: "Leave the option out; name the authority with `--cacert` where it is one's own.",
    },
    Switch {
        programs: &[],
        arguments: &["--no-check-certificate", "http.sslverify=false", "--insecure-skip-tls-verify"],
        letter: None,
        check: "tls-verification-disabled",
        does: "makes the program talk to whoever answers, whatever certificate is shown",
        solution: "Leave the option out, and name the authority where it is one's own.",
    },
    Switch {
        programs: &["pip", "pip3"],
        arguments: &["--trusted-host"],
        letter: None,
        check: "tls-verification-disabled",
        does: "makes it install what whoever answers for that host sends",
        solution: "Leave the option out; name the authority with `--cert` where it is one's own.",
    },
    Switch {
        programs: &["aws"],
        arguments: &["--no-verify-ssl"],
        letter: None,
        check: "tls-verification-disabled",
        does: "makes it talk to whoever answers, whatever certificate is shown",
        solution: "Leave the option out; name the authority with `--ca-bundle` where it is one's own.",
    },
    Switch {
        programs: &[],
        arguments: &["stricthostkeychecking=no", "stricthostkeychecking=off"],
        letter: None,
        check: "ssh-host-key-unverified",
        does: "makes it take any key for that of the server, a changed one too",
        solution: "Name the file with the known keys (`-o UserKnownHostsFile=…`), or take only keys of new hosts (`StrictHostKeyChecking=accept-new`).",
    },
    Switch {
        programs: &["gpg", "gpg2"],
        arguments: &["--use-embedded-filename", "--use-embedded-filenames"],
        letter: None,
        check: "path-traversal",
        does: "makes it write to the file that the message names",
        solution: "Choose the file: `--output FILE`.",
    },
];

/// Programs that start the one that is named behind them.
const STARTERS: &[&str] = &["sudo", "env", "exec", "nohup", "time", "nice", "doas"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids() {
        let module = code.res.program.module_of(f);
        let name = code.res.program.strings.resolve(module.name);
        if code.in_test(f) || module.template || assay_taint::is_workshop(name) {
            continue;
        }
        Commands { code, f, dominators: None }.examine(out);
    }
}

/// The commands of a function.
struct Commands<'c, 'a> {
    code: &'c Code<'a>,
    f: FuncId,
    dominators: Option<(Dominators, ValueBlocks)>,
}

impl Commands<'_, '_> {
    fn examine(mut self, out: &mut Vec<Examined>) {
        let function = self.code.function(self.f);
        let mut found: Vec<(Value, Value, &Switch, String, Option<String>)> = Vec::new();
        for (value, inst) in function.insts.iter_enumerated() {
            let words: Vec<String> = match &inst.op {
                Op::Collection(Collection::List | Collection::Tuple, elements) => elements
                    .iter()
                    .map(|e| self.code.literal(self.f, e.value).filter(|_| !e.spread).unwrap_or(UNKNOWN).to_owned())
                    .collect(),
                Op::Call { .. } => match self.shell_text(value) {
                    Some(text) => text.split_whitespace().map(str::to_owned).collect(),
                    None => continue,
                },
                _ => continue,
            };
            let program = program_of(&words);
            if let Some((switch, at)) = switch_of(program.as_deref(), &words) {
                let place = match &inst.op {
                    Op::Collection(_, elements) => elements[at].value,
                    _ => value,
                };
                found.push((value, place, switch, words[at].clone(), program));
            }
        }
        for (value, place, switch, argument, program) in found {
            // Between two commands, or under a condition, somebody chooses.
            let chosen = match &program {
                Some(_) => function.insts.iter().any(|inst| match &inst.op {
                    Op::Phi(inputs) => inputs.iter().any(|(_, input)| *input == value),
                    _ => false,
                }),
                None => !self.is_always_run(value),
            };
            if let (Some(check), false) = (check(switch.check), chosen) {
                out.push(self.report(check, (value, place), switch, &argument, program.as_deref()));
            }
        }
    }

    /// The text that a call hands to a shell.
    fn shell_text(&self, call: Value) -> Option<String> {
        let code = self.code;
        let Op::Call { args, .. } = code.op(self.f, call) else { return None };
        let models = code.res.models();
        let runs = code.res.call(self.f, call)?.apis.iter().flat_map(|api| code.res.apis.nodes(*api)).any(|node| {
            models.arguments(*node).iter().any(|(_, argument)| {
                let facts = models.facts(*argument);
                facts.sinks.contains(&SinkKind::CommandInjection)
                    || facts.conditional_sinks.iter().any(|sink| sink.kind == SinkKind::CommandInjection)
            })
        });
        let first = args.first().filter(|arg| runs && arg.kind == ArgKind::Positional)?;
        let mut text = String::new();
        self.text(first.value, 4, &mut text);
        (text != UNKNOWN).then_some(text)
    }

    fn text(&self, value: Value, depth: u32, out: &mut String) {
        let code = self.code;
        let value = code.plain(self.f, value);
        match code.op(self.f, value) {
            Op::Const(Const::Str(text)) => out.push_str(code.text(*text)),
            Op::Format(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => out.push_str(code.text(*text)),
                        Piece::Hole { .. } => out.push_str(UNKNOWN),
                    }
                }
            }
            Op::Binary(BinaryOp::Add, left, right) if depth > 0 => {
                self.text(*left, depth - 1, out);
                self.text(*right, depth - 1, out);
            }
            Op::Binary(BinaryOp::Mod, left, _) if depth > 0 => self.text(*left, depth - 1, out),
            _ => match code.string(self.f, value) {
                Some(text) => out.push_str(&text),
                None => out.push_str(UNKNOWN),
            },
        }
    }

    /// Whether a value is made on every way through the function.
    fn is_always_run(&mut self, value: Value) -> bool {
        let function = self.code.function(self.f);
        let (dominators, blocks) =
            self.dominators.get_or_insert_with(|| (Dominators::new(function), ValueBlocks::new(function)));
        let Some(block) = blocks.block(value) else { return false };
        let ends = |id: &BlockId| matches!(function.blocks[*id].terminator, Terminator::Return(_));
        function
            .blocks
            .ids()
            .filter(ends)
            .filter(|id| dominators.is_reachable(*id))
            .all(|id| dominators.dominates(block, id))
    }

    fn report(
        &self,
        check: &'static Check,
        (command, place): (Value, Value),
        switch: &Switch,
        argument: &str,
        program: Option<&str>,
    ) -> Examined {
        let code = self.code;
        let span = code.span(self.f, place);
        let shown = program.map_or_else(|| argument.to_owned(), |program| format!("{program} {argument}"));
        let title = format!("`{shown}` gives up a protection of the program that is started");
        let message = format!("`{argument}` in `{}` {}.", code.shown_value(self.f, command), switch.does);
        let mut defect = Defect::new("program-option", title, message);
        defect.confidence = Confidence::Medium;
        argument.clone_into(&mut defect.value);
        let mut found = code.defect(check, self.f, span, &shown, defect);
        if let Some(explanation) = &mut found.explanation {
            switch.solution.clone_into(&mut explanation.solution);
        }
        found
    }
}

/// The program that words start, if it is one with switches.
fn program_of(words: &[String]) -> Option<String> {
    let names = words.iter().map(|word| word.rsplit('/').next().unwrap_or(word));
    let name = names.filter(|name| !name.contains('=')).find(|name| !STARTERS.contains(name))?;
    SWITCHES.iter().any(|switch| switch.programs.contains(&name)).then(|| name.to_owned())
}

/// The first switch among the arguments of a program, and where it stands.
fn switch_of(program: Option<&str>, words: &[String]) -> Option<(&'static Switch, usize)> {
    words.iter().enumerate().find_map(|(index, word)| {
        SWITCHES.iter().find_map(|switch| {
            let known = match program {
                Some(program) => switch.programs.is_empty() || switch.programs.contains(&program),
                None => switch.programs.is_empty(),
            };
            let lead = |before: &str| index > 0 && words[index - 1] == before;
            // `-o Option=value`, in one argument or two.
            let value = word.strip_prefix("-o").or_else(|| word.strip_prefix("-c")).unwrap_or(word);
            let value = value.split(['\'', '"']).find(|part| !part.is_empty()).unwrap_or(value).to_lowercase();
            let as_value = value.contains('=') && (word.starts_with('-') || lead("-o") || lead("-c"));
            let plain = if word.len() > 2 { word.to_lowercase() } else { word.clone() };
            let named = switch.arguments.contains(&plain.as_str()) && plain.starts_with('-')
                || as_value && switch.arguments.contains(&value.as_str());
            let grouped = switch.letter.is_some_and(|letter| {
                let letters = word.strip_prefix('-').unwrap_or_default();
                !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphabetic()) && letters.contains(letter)
            });
            (known && (named || grouped)).then_some((switch, index))
        })
    })
}
