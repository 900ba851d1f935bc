//! What checks take away from data at a place.
//!
//! A check is a condition of this function that dominates the place, or a call that shows something about
//! its argument: by returning at all, or by a result that a condition tests. What a function of the
//! program shows is read off its own body ([`Validates`]), so that validators need no
//! configuration.

use crate::driver::Engine;
use crate::function::{Fun, Validates};
use crate::label::Origin;
use crate::oracle::FunctionOracle;
use crate::results::{Doubt, FlawedCheck};
use assay_dataflow::{Dominators, Location, ValueBlocks};
use assay_index::Idx;
use assay_ir::{ArgKind, BlockId, Const, Function, Op, Terminator, Value};
use assay_models::{GuardWhen, KindSet, PortRoot, SinkKind, SourceKind};
use assay_resolve::{FuncId, Object};
use assay_values::Context;
use assay_values::guards::{
    ABSOLUTE_PATH, ArgumentRef, At, GuardFact, GuardIndex, Judgement, Made, TRAILING_NEWLINE, Test, after_call,
    assumed, harmless_by_construction, judge_all, judge_made,
};
use smallvec::SmallVec;

/// The kinds of harm whose checks are easily got wrong.
const CHECKED_KINDS: [SinkKind; 2] = [SinkKind::PathInjection, SinkKind::UrlRedirection];
/// Parameters of a function that are asked about.
const MAX_PARAMETERS: u32 = 8;

/// Instructions of a function without branches that is taken for a test of its parameters.
const MAX_TESTING: usize = 60;
/// Facts about one value that are looked at.
const MAX_FACTS: usize = 32;

/// What checks before a place say about a value.
#[derive(Clone, Copy)]
pub(crate) struct Guarded {
    /// The kinds of harm that they rule out, but for unusual cases.
    pub(crate) taken: KindSet,
    /// The condition that does.
    pub(crate) by: Value,
    /// The kinds that they are about and leave open.
    pub(crate) doubted: KindSet,
    /// The kinds that they leave open for absolute paths only.
    pub(crate) absolute: KindSet,
    /// The value that was checked, as the first that loads the same.
    pub(crate) subject: Value,
    /// The parameters, as bits, that a path was held against: what comes in by these is no safer than before.
    pub(crate) folders: u64,
}

impl Guarded {
    fn nothing(value: Value) -> Self {
        Self {
            taken: KindSet::EMPTY,
            by: value,
            doubted: KindSet::EMPTY,
            absolute: KindSet::EMPTY,
            subject: value,
            folders: 0,
        }
    }
}

/// The checks of one function.
pub(crate) struct Guards {
    index: GuardIndex,
    dominators: Option<Dominators>,
    places: Option<ValueBlocks>,
    /// Parameters whose truth conditions ask about.
    flags: Vec<(u32, Value)>,
}

impl Guards {
    /// No checks.
    pub(crate) fn none() -> Self {
        Self { index: GuardIndex::default(), dominators: None, places: None, flags: Vec::new() }
    }

    pub(crate) fn new(engine: &Engine<'_>, f: FuncId) -> Self {
        let function = engine.program().function(f);
        let mut this = Self::none();
        let branches = function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Branch { .. }));
        let validating = engine.validating_calls(f, function);
        let tests = function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(v) if matches!(function.op(v), Op::Compare(..) | Op::Call { .. } | Op::Unary(..))))
            && function.insts.len() <= MAX_TESTING
            && function.params.len() <= MAX_PARAMETERS as usize;
        if !branches && validating.is_empty() && !tests {
            return this;
        }
        let oracle = FunctionOracle::new(engine.res, f);
        let cx = Context::new(function, &engine.program().strings, &oracle);
        let dominators = Dominators::new(function);
        let places = ValueBlocks::new(function);
        this.index = GuardIndex::new(&cx, &dominators, &places);
        for (call, argument) in validating {
            let facts = after_call(&cx, &places, this.index.keys(), call, argument);
            this.index.add(facts);
        }
        for (value, inst) in function.insts.iter_enumerated() {
            if let Op::Param(parameter) = inst.op
                && this.index.about(value).iter().any(|fact| flag_of(fact).is_some())
            {
                this.flags.push((parameter, value));
            }
        }
        this.dominators = Some(dominators);
        this.places = Some(places);
        this
    }

    /// The parameter whose truth a condition before a value asks about, and the truth that leads to the value.
    pub(crate) fn needed_flag(&self, function: &Function, value: Value) -> Option<(u32, bool)> {
        let (dominators, places) = (self.dominators.as_ref()?, self.places.as_ref()?);
        let at = places.location(value)?;
        self.flags.iter().filter(|(parameter, _)| (*parameter as usize) < function.params.len()).find_map(
            |(parameter, flag)| {
                let mut facts = self.index.about(*flag).iter().filter(|fact| fact.holds_at(dominators, at));
                facts.find_map(flag_of).map(|truth| (*parameter, truth))
            },
        )
    }
}

/// The truth of the value itself that a fact tells.
fn flag_of(fact: &GuardFact) -> Option<bool> {
    match fact.test {
        Test::Truthy { positive } if fact.via.is_empty() => Some(positive),
        _ => None,
    }
}

impl<'a> Engine<'a> {
    /// Calls that show something about an argument by returning.
    fn validating_calls(&self, f: FuncId, function: &Function) -> Vec<(Value, ArgumentRef)> {
        let mut out = Vec::new();
        let relative = self.program().strings.lookup("relative_to");
        for (call, targets) in self.res.calls(f) {
            if let Op::Call { func, .. } = function.op(*call)
                && matches!(function.op(*func), Op::Attr(_, name) if Some(*name) == relative)
            {
                out.push((*call, ArgumentRef::Receiver));
            }
            for target in &targets.functions {
                for shown in &self.summaries[target.function].validates {
                    if shown.when.is_none() {
                        out.extend(
                            argument_of(
                                function,
                                *call,
                                self.program().function(target.function),
                                target.taken,
                                shown.parameter,
                            )
                            .map(|a| (*call, a)),
                        );
                    }
                }
            }
            for api in &targets.apis {
                for node in self.res.apis.nodes(*api) {
                    for guard in self.models.facts(*node).guards.iter().filter(|g| g.when == GuardWhen::Returns) {
                        out.extend(self.guarded_arguments(function, *call, &guard.argument.root).map(|a| (*call, a)));
                    }
                }
            }
        }
        out.dedup();
        out
    }

    /// The arguments of a call that a guard of the models is about.
    fn guarded_arguments(
        &self,
        function: &Function,
        call: Value,
        root: &PortRoot,
    ) -> impl Iterator<Item = ArgumentRef> + use<> {
        let mut out: SmallVec<[ArgumentRef; 2]> = SmallVec::new();
        if let Op::Call { args, .. } = function.op(call) {
            match root {
                PortRoot::Receiver => out.push(ArgumentRef::Receiver),
                PortRoot::Argument(spec) => {
                    let mut position = 0;
                    for (index, arg) in args.iter().enumerate() {
                        match arg.kind {
                            ArgKind::Positional => {
                                if spec.matches_position(position) {
                                    out.push(ArgumentRef::Positional(index));
                                }
                                position += 1;
                            }
                            ArgKind::Keyword(name) if spec.matches_name(self.program().strings.resolve(name)) => {
                                out.push(ArgumentRef::Keyword(name));
                            }
                            _ => {}
                        }
                    }
                }
                PortRoot::ReturnValue => {}
            }
        }
        out.into_iter()
    }

    /// The kinds that checks before a place take away from a value, and the condition that does.
    pub(crate) fn guarded(&mut self, fun: &Fun<'a>, value: Value, at: Location) -> Guarded {
        let Some(dominators) = &fun.guards.dominators else { return Guarded::nothing(value) };
        let about = fun.guards.index.about(value);
        // The facts that hold, as bits: the same set is judged once.
        let mut held = 0u64;
        for (i, fact) in about.iter().take(MAX_FACTS).enumerate() {
            held |= u64::from(fact.holds_at(dominators, at)) << i;
        }
        if held == 0 {
            return Guarded::nothing(value);
        }
        let key = (fun.id, about[0].key, held, fun.has_source);
        if let Some(known) = self.judged.get(&key) {
            return *known;
        }
        let facts: SmallVec<[&GuardFact; 4]> =
            about.iter().take(MAX_FACTS).enumerate().filter(|(i, _)| held & (1 << i) != 0).map(|(_, f)| f).collect();
        let (judged, doubts) = self.judge(fun, &facts, value, Others::Unknown);
        for doubt in doubts {
            let doubt = Doubt { at, ..doubt };
            if doubt.narrow {
                self.doubts.entry((fun.id, doubt.condition, doubt.kind)).or_insert(doubt);
            }
            self.doubts.entry((fun.id, judged.subject, doubt.kind)).or_insert(doubt);
        }
        self.judged.insert(key, judged);
        judged
    }

    /// The kinds that a value cannot harm because of how it is made, whatever it is made from.
    pub(crate) fn clean_by_making(&mut self, fun: &Fun<'a>, value: Value) -> KindSet {
        if !matches!(fun.function.op(value), Op::Call { .. } | Op::Item(..)) {
            return KindSet::EMPTY;
        }
        let key = (fun.id, value, value);
        if let Some(known) = self.harmless.get(&key) {
            return *known;
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        let mut clean = KindSet::EMPTY;
        for kind in harmless_by_construction(&cx, value, &SinkKind::ALL.map(SinkKind::id)) {
            if let Some(kind) = SinkKind::from_id(kind) {
                clean.insert(kind);
            }
        }
        self.harmless.insert(key, clean);
        clean
    }

    /// What facts about a value take away.
    fn judge(
        &self,
        fun: &Fun<'a>,
        facts: &[&GuardFact],
        value: Value,
        others: Others,
    ) -> (Guarded, SmallVec<[Doubt; 2]>) {
        let mut judged = Guarded::nothing(value);
        let mut doubts = SmallVec::new();
        let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return (judged, doubts) };
        judged.subject = first.key;
        let made_of = self.parameters_of(fun, value);
        let untrusted_for = |v: Value, kind: SinkKind| self.is_untrusted(fun, v, kind, made_of, others);
        for fact in facts {
            let kinds = match &fact.test {
                Test::Call { call, argument, positive } => {
                    self.shown(fun, *call, *argument, Some(*positive), &untrusted_for)
                }
                Test::Returned { call, argument } => self.shown(fun, *call, *argument, None, &untrusted_for),
                _ => continue,
            };
            if fact.via.is_empty() && !kinds.is_empty() {
                judged.taken = judged.taken.union(kinds);
                judged.by = fact.cond;
            }
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        let held_against = |fact: &GuardFact| match fact.test {
            Test::Equals { other, .. } => self.parameters_of(fun, other),
            Test::Member { of, .. } => self.parameters_of(fun, of),
            _ => 0,
        };
        let made = Made::of(&cx, value);
        for kind in SinkKind::ALL {
            if judged.taken.contains(kind) {
                continue;
            }
            let untrusted = |v: Value| untrusted_for(v, kind);
            let mut judgement = judge_all(&cx, facts.iter().copied(), kind.id(), &untrusted);
            if judgement != Judgement::Validates && !made.is_empty() {
                judgement = judge_made(&cx, &made, facts.iter().copied(), kind.id(), &untrusted);
            }
            let doubt = match judgement {
                Judgement::Validates => None,
                Judgement::Insufficient { reason, narrow } => {
                    let says = |f: &&GuardFact| matches!(judge_all(&cx, [*f], kind.id(), &untrusted), Judgement::Insufficient { reason: r, .. } if r == reason);
                    let condition = facts.iter().copied().find(says).unwrap_or(last).cond;
                    Some((condition, reason, narrow))
                }
                Judgement::Irrelevant => match self.flawed_callee(fun, facts, kind) {
                    Some((condition, reason)) => Some((condition, reason, false)),
                    None => continue,
                },
            };
            if let Some((condition, reason, narrow)) = doubt {
                if !narrow {
                    judged.doubted.insert(kind);
                }
                if reason == ABSOLUTE_PATH {
                    judged.absolute.insert(kind);
                }
                // A line break at the end does no harm but where lines count.
                if !narrow || reason != TRAILING_NEWLINE {
                    let at = Location::start(BlockId::new(0));
                    let function = fun.id;
                    doubts.push(Doubt { function, subject: first.key, at, condition, kind, reason, narrow });
                }
                if !narrow {
                    continue;
                }
            }
            judged.taken.insert(kind);
            judged.by = doubt.map_or(last.cond, |d| d.0);
            if kind == SinkKind::PathInjection {
                judged.folders = facts.iter().fold(0, |bits, fact| bits | held_against(fact)) & made_of;
            }
        }
        (judged, doubts)
    }

    /// The parameters, as bits, that a value is made from.
    fn parameters_of(&self, fun: &Fun<'a>, value: Value) -> u64 {
        fun.tree(value).entries.iter().fold(0, |bits, e| match self.labels.origin_of(e.origin) {
            Origin::Param(index, _) if index < u64::BITS => bits | 1 << index,
            _ => bits,
        })
    }

    /// Whether a value that something made of the parameters `made_of` is held against is the outside's own choice.
    ///
    /// A list of what is allowed that comes from outside allows what the outside likes; of a parameter nobody knows, unless its
    /// caller is asked. What an object holds itself is its own. A path that is made of a folder and held against it leads where the caller
    /// said, if it does.
    fn is_untrusted(&self, fun: &Fun<'a>, value: Value, kind: SinkKind, made_of: u64, others: Others) -> bool {
        let method = self.program().functions[fun.id].class.is_some();
        let within = |index: u32| index < u64::BITS && made_of & (1 << index) != 0;
        let folder = |index: u32| kind == SinkKind::PathInjection && within(index) && made_of != 1 << index;
        let asked = |index: u32| others == Others::Trusted && index < u64::BITS && !within(index);
        fun.tree(value).entries.iter().any(|e| match self.labels.origin_of(e.origin) {
            // What the machine's own user says does not come from an attacker elsewhere; neither does what can do
            // no such harm, as the host of the service's own address.
            Origin::Source(source) => {
                e.kinds.contains(kind)
                    && matches!(self.labels.sources[source].kind, None | Some(SourceKind::Remote | SourceKind::Archive))
            }
            Origin::Param(index, _) => {
                !(method && index == 0 || folder(index) || asked(index) || self.is_own_parameter(fun, index))
            }
            Origin::Captured(..) => false,
        })
    }

    /// The parameters, as bits, that facts hold a value against which is made of the parameters `made_of`.
    fn held_against(&self, fun: &Fun<'a>, facts: &[&GuardFact], made_of: u64) -> u64 {
        let bits = |value: Value| self.parameters_of(fun, value);
        let found = facts.iter().fold(0, |found, fact| {
            found
                | match fact.test {
                    Test::Equals { other, .. } => bits(other),
                    Test::Member { of, .. } => bits(of),
                    Test::StartsWith { prefix, .. } => bits(prefix),
                    Test::RelativeTo { base, .. } => bits(base),
                    // A folder among the parents of a path.
                    Test::Contains { needle, .. } => bits(needle),
                    Test::Call { call, .. } | Test::Returned { call, .. } => match fun.function.op(call) {
                        Op::Call { args, .. } => args.iter().fold(0, |found, arg| found | bits(arg.value)),
                        _ => 0,
                    },
                    _ => 0,
                }
        });
        found & !made_of
    }

    /// Whether a parameter takes objects of the program, and no text: what they say of themselves is the program's own.
    fn is_own_parameter(&self, fun: &Fun<'a>, index: u32) -> bool {
        let own = |object| match object {
            Object::Class(class) | Object::SelfClass(class) => self.res.hierarchy.external_bases(class).is_empty(),
            object => self.is_own_object(object),
        };
        let mut values =
            fun.function.insts.iter_enumerated().filter(|(_, i)| matches!(i.op, Op::Param(p) if p == index));
        values.next().is_some_and(|(value, _)| {
            let mut objects = self.res.objects(fun.id, value).peekable();
            objects.peek().is_some() && objects.all(own)
        })
    }

    /// A function of the project that was to check the value against a kind of harm, and what is wrong with it.
    fn flawed_callee(&self, fun: &Fun<'a>, facts: &[&GuardFact], kind: SinkKind) -> Option<(Value, &'static str)> {
        facts.iter().filter(|f| f.via.is_empty()).find_map(|fact| {
            let (Test::Call { call, argument, positive: true } | Test::Returned { call, argument }) = fact.test else {
                return None;
            };
            let targets = self.res.call(fun.id, call)?;
            let flawed = targets.functions.iter().find_map(|target| {
                let callee = self.program().function(target.function);
                (0..callee.params.len() as u32).find_map(|parameter| {
                    let flawed = self.flawed.get(&(target.function, parameter))?;
                    let passed =
                        argument_of(fun.function, call, callee, target.taken, parameter).any(|a| a == argument);
                    (passed && flawed.doubt.kind == kind).then_some(flawed)
                })
            })?;
            Some((fact.cond, flawed.doubt.reason))
        })
    }

    /// What a call shows about one of its arguments, given which values are the outside's own choice for a kind of harm.
    fn shown(
        &self,
        fun: &Fun<'a>,
        call: Value,
        argument: ArgumentRef,
        when: Option<bool>,
        untrusted: &dyn Fn(Value, SinkKind) -> bool,
    ) -> KindSet {
        let Some(targets) = self.res.call(fun.id, call) else { return KindSet::EMPTY };
        let mut all: Option<KindSet> = None;
        let mut meet = |kinds: KindSet| all = Some(all.map_or(kinds, |have: KindSet| have.intersect(kinds)));
        for target in &targets.functions {
            let callee = self.program().function(target.function);
            let mut kinds = KindSet::EMPTY;
            for shown in self.summaries[target.function].validates.iter().filter(|s| s.when == when) {
                if !argument_of(fun.function, call, callee, target.taken, shown.parameter).any(|a| a == argument) {
                    continue;
                }
                let others: SmallVec<[Value; 2]> = (0..u64::BITS)
                    .filter(|index| shown.against & (1 << index) != 0)
                    .flat_map(|index| argument_of(fun.function, call, callee, target.taken, index))
                    .filter_map(|other| other.value(fun.function, call))
                    .collect();
                let spread = shown.against != 0 && spreads(fun.function, call);
                let chosen = |kind: &SinkKind| spread || others.iter().any(|other| untrusted(*other, *kind));
                let open = SinkKind::ALL.into_iter().filter(|kind| shown.kinds.contains(*kind)).filter(chosen);
                kinds = kinds.union(open.fold(shown.kinds, |kinds, kind| kinds.minus(KindSet::of(kind))));
            }
            meet(kinds);
        }
        let wanted = match when {
            None => GuardWhen::Returns,
            Some(true) => GuardWhen::True,
            Some(false) => GuardWhen::False,
        };
        for api in &targets.apis {
            // What is loaded by a name that a setting has is of the type that it is declared to be.
            if !targets.functions.is_empty() && self.res.apis.nodes(*api).is_empty() {
                continue;
            }
            let mut kinds = KindSet::EMPTY;
            for node in self.res.apis.nodes(*api) {
                for guard in self.models.facts(*node).guards.iter().filter(|g| g.when == wanted) {
                    if self.guarded_arguments(fun.function, call, &guard.argument.root).any(|a| a == argument) {
                        kinds = kinds.union(guard.kinds);
                    }
                }
            }
            if self.res.apis.nodes(*api).is_empty() && when != Some(false) && self.says_address_is_safe(fun, call) {
                kinds = KindSet::of(SinkKind::UrlRedirection);
            }
            meet(kinds);
        }
        let believed = targets.functions.is_empty() && when != Some(false) && self.says_address_is_safe(fun, call);
        all.unwrap_or(if believed { KindSet::of(SinkKind::UrlRedirection) } else { KindSet::EMPTY })
    }

    /// Whether what a call asks is, by its name, whether a client may be sent to an address: `is_safe_url`, `validate_next_url`. A
    /// function whose code is not there is believed.
    fn says_address_is_safe(&self, fun: &Fun<'a>, call: Value) -> bool {
        let Op::Call { func, .. } = fun.function.op(call) else { return false };
        let (Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. }) = fun.function.op(*func) else {
            return false;
        };
        let name = self.program().strings.resolve(*name);
        let has = |list: &[&str]| name.split('_').any(|word| list.contains(&word));
        has(&["url", "uri", "redirect", "next"])
            && has(&["safe", "allowed", "valid", "validate", "validated", "check", "trusted"])
    }

    /// What the function's result, or its returning at all, shows about its parameters.
    pub(crate) fn validators(&mut self, fun: &mut Fun<'a>) -> Vec<Validates> {
        let mut out = Vec::new();
        if fun.guards.dominators.is_none() {
            return out;
        }
        let function = fun.function;
        let returns: Vec<(Value, Location)> = function
            .blocks
            .iter_enumerated()
            .filter_map(|(block, code)| match code.terminator {
                Terminator::Return(value) => Some((value, Location { block, index: code.insts.len() as u32 })),
                _ => None,
            })
            .collect();
        if returns.is_empty() {
            return out;
        }
        for (value, inst) in function.insts.iter_enumerated() {
            let Op::Param(parameter) = inst.op else { continue };
            if parameter >= MAX_PARAMETERS {
                continue;
            }
            for when in [None, Some(true), Some(false)] {
                let mut all: Option<Shown> = None;
                for (result, at) in &returns {
                    for (result, at) in outcomes(function, *result, *at) {
                        if when.is_some() && truth(function, result).is_some_and(|t| Some(t) != when) {
                            continue;
                        }
                        let shown = self.shown_at(fun, value, result, when, at);
                        all = Some(all.map_or(shown, |have| have.meet(shown)));
                    }
                }
                let Some(Shown { kinds, trusting, against }) = all else { continue };
                let more = trusting.minus(kinds);
                let found = [(kinds, 0), (more, against)].into_iter().filter(|(kinds, _)| !kinds.is_empty());
                out.extend(found.map(|(kinds, against)| Validates { parameter, when, kinds, against }));
            }
        }
        out
    }
}

impl<'a> Engine<'a> {
    /// What a result, which has this truth value, and where it is returned from show about another value of the function.
    fn shown_at(&mut self, fun: &Fun<'a>, value: Value, result: Value, truth: Option<bool>, at: Location) -> Shown {
        let mut kinds = self.guarded(fun, value, at).taken;
        let none = Shown { kinds, trusting: kinds, against: 0 };
        let Some(dominators) = &fun.guards.dominators else { return none };
        let keys = fun.guards.index.keys();
        let assumed = match truth {
            Some(truth) => {
                let oracle = FunctionOracle::new(self.res, fun.id);
                let cx = Context::new(fun.function, &self.program().strings, &oracle);
                let places = ValueBlocks::new(fun.function);
                assumed(&cx, dominators, &places, keys, result, truth, At::Edge(at.block))
            }
            None => Vec::new(),
        };
        let key = keys.canonical(value);
        let mut facts: SmallVec<[&GuardFact; 4]> = assumed.iter().filter(|f| f.key == key).collect();
        kinds = kinds.union(self.judge(fun, &facts, value, Others::Unknown).0.taken);
        facts.extend(fun.guards.index.at(dominators, value, at));
        let against = self.held_against(fun, &facts, self.parameters_of(fun, value));
        let trusting = match against {
            0 => kinds,
            _ => kinds.union(self.judge(fun, &facts, value, Others::Trusted).0.taken),
        };
        Shown { kinds, trusting, against }
    }
}

/// What is thought of the other parameters of a function that its value is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Unknown,
    Trusted,
}

/// What a way out of a function shows about a parameter.
#[derive(Clone, Copy)]
struct Shown {
    kinds: KindSet,
    /// The kinds where those parameters that it is held against, as bits, do not come from outside.
    trusting: KindSet,
    against: u64,
}

impl Shown {
    /// What both show.
    fn meet(self, other: Self) -> Self {
        Self {
            kinds: self.kinds.intersect(other.kinds),
            trusting: self.trusting.intersect(other.trusting),
            against: self.against | other.against,
        }
    }
}

/// Whether a call passes what a list or mapping holds.
fn spreads(function: &Function, call: Value) -> bool {
    let Op::Call { args, .. } = function.op(call) else { return false };
    args.iter().any(|a| matches!(a.kind, ArgKind::Spread | ArgKind::KeywordSpread))
}

/// The values that a returned phi may be, each with the place from which it comes.
fn outcomes(function: &Function, result: Value, at: Location) -> SmallVec<[(Value, Location); 4]> {
    let mut out: SmallVec<[(Value, Location); 4]> = SmallVec::new();
    if let Op::Phi(inputs) = function.op(result) {
        for (block, input) in inputs {
            out.push((*input, Location { block: *block, index: function.blocks[*block].insts.len() as u32 }));
        }
    } else {
        out.push((result, at));
    }
    out
}

/// The truth value of a constant.
fn truth(function: &Function, value: Value) -> Option<bool> {
    match function.op(value) {
        Op::Const(Const::None) => Some(false),
        Op::Const(Const::Bool(b)) => Some(*b),
        Op::Const(Const::Int(i)) => Some(*i != 0),
        _ => None,
    }
}

impl<'a> Engine<'a> {
    /// Checks of parameters that do not hold: the function tells good from bad, by a result or by raising, and
    /// what its tests show does not rule the harm out.
    pub(crate) fn flawed_checks(&mut self, fun: &Fun<'a>, validates: &[Validates]) {
        let Some(dominators) = &fun.guards.dominators else { return };
        let function = fun.function;
        let results: SmallVec<[(Value, Location); 4]> = function
            .blocks
            .iter_enumerated()
            .filter_map(|(block, code)| match code.terminator {
                Terminator::Return(value) => Some((value, Location { block, index: code.insts.len() as u32 })),
                _ => None,
            })
            .flat_map(|(value, at)| outcomes(function, value, at))
            .collect();
        let is_test = |v: Value| matches!(function.op(v), Op::Compare(..) | Op::Unary(..));
        let rejects = results.iter().any(|(value, _)| truth(function, *value) == Some(false) || is_test(*value))
            || function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(_)));
        if !rejects {
            return;
        }
        let method = self.program().functions[fun.id].class.is_some();
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(function, &self.program().strings, &oracle);
        let places = ValueBlocks::new(function);
        let keys = fun.guards.index.keys();
        // Each way to a good result, with what that itself says where it is a test.
        let accepted: Vec<(Location, Vec<GuardFact>)> = results
            .iter()
            .filter(|(value, _)| truth(function, *value) != Some(false))
            .map(|(value, at)| {
                let said = if is_test(*value) {
                    assumed(&cx, dominators, &places, keys, *value, true, At::Edge(at.block))
                } else {
                    Vec::new()
                };
                (*at, said)
            })
            .collect();
        for (value, inst) in function.insts.iter_enumerated() {
            let Op::Param(parameter) = inst.op else { continue };
            let key = keys.canonical(value);
            let is_tested = !fun.guards.index.about(value).is_empty()
                || accepted.iter().any(|(_, said)| said.iter().any(|f| f.key == key));
            if parameter >= MAX_PARAMETERS || (method && parameter == 0) || !is_tested {
                continue;
            }
            for kind in CHECKED_KINDS {
                if accepted.is_empty() {
                    continue;
                }
                let holds = validates
                    .iter()
                    .any(|v| v.when != Some(false) && v.parameter == parameter && v.kinds.contains(kind));
                let mut flaw = None;
                for (at, said) in &accepted {
                    let said = said.iter().filter(|f| f.key == key);
                    let facts: SmallVec<[&GuardFact; 4]> =
                        fun.guards.index.at(dominators, value, *at).chain(said).collect();
                    // Only a test that is visibly about paths, or about addresses, is a check of them.
                    if !facts.iter().any(|f| is_about(&cx, f, kind)) {
                        flaw = None;
                        break;
                    }
                    match judge_all(&cx, facts.iter().copied(), kind.id(), &|_| false) {
                        Judgement::Insufficient { reason, narrow } if reason != TRAILING_NEWLINE && narrow == holds => {
                            let (function, subject) = (fun.id, value);
                            flaw = facts.last().map(|f| Doubt {
                                function,
                                subject,
                                at: *at,
                                condition: f.cond,
                                kind,
                                reason,
                                narrow,
                            });
                        }
                        Judgement::Insufficient { .. } | Judgement::Validates => {}
                        // Some way to success does not depend on the value: this is no check of it.
                        Judgement::Irrelevant => {
                            flaw = None;
                            break;
                        }
                    }
                }
                if let Some(doubt) = flaw {
                    self.flawed.insert((fun.id, parameter), FlawedCheck { function: fun.id, parameter, doubt });
                    break;
                }
            }
        }
    }
}

/// Whether a test shows that it is meant for paths or addresses: by what the tested value is made with, or by the
/// text that is looked for.
fn is_about(cx: &Context<'_>, fact: &GuardFact, kind: SinkKind) -> bool {
    let (makers, marks): (&[&str], &[&str]) = match kind {
        SinkKind::PathInjection => (
            &[
                "abspath",
                "normpath",
                "realpath",
                "commonprefix",
                "commonpath",
                "isabs",
                "resolve",
                "relative_to",
                "is_absolute",
                "is_relative_to",
            ],
            &[".."],
        ),
        _ => (&["urlparse", "urlsplit", "urljoin"], &["//", "http:", "https:"]),
    };
    let made_by = |cx: &Context<'_>, value: Value| {
        let callee = cx.callee(value);
        callee.path().or(callee.method).is_some_and(|p| makers.contains(&p.rsplit('.').next().unwrap_or(p)))
    };
    let made = fact.via.iter().chain([&fact.cond]).any(|v| made_by(cx, *v));
    let text = match &fact.test {
        Test::Contains { needle: v, .. } | Test::StartsWith { prefix: v, .. } => cx.string(*v),
        Test::RelativeTo { .. } => return kind == SinkKind::PathInjection,
        // A path that is made relative to be shown, or to be used, is no check of it.
        Test::Returned { call, .. } => {
            return kind == SinkKind::PathInjection && made_by(cx, *call) && !is_used(cx, *call);
        }
        Test::OneOf(sets) => return sets.iter().flatten().any(|f| is_about(cx, f, kind)),
        _ => None,
    };
    made || text.is_some_and(|t| marks.iter().any(|m| t.contains(m)))
}

/// Whether anything is done with a value.
fn is_used(cx: &Context<'_>, value: Value) -> bool {
    cx.function.insts.iter().any(|inst| {
        let mut used = false;
        inst.op.for_each_operand(|v| used |= v == value);
        used
    }) || cx.function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(v) if v == value))
}

/// How a call passes a parameter of its callee.
pub(crate) fn argument_of(
    function: &Function,
    call: Value,
    callee: &Function,
    taken: u32,
    parameter: u32,
) -> impl Iterator<Item = ArgumentRef> + use<> {
    let mut out: SmallVec<[ArgumentRef; 1]> = SmallVec::new();
    if let (Op::Call { args, .. }, Some(param)) = (function.op(call), callee.params.get(parameter as usize)) {
        if parameter < taken {
            out.push(ArgumentRef::Receiver);
        } else {
            let mut position = taken;
            for (index, arg) in args.iter().enumerate() {
                match arg.kind {
                    ArgKind::Positional => {
                        if position == parameter {
                            out.push(ArgumentRef::Positional(index));
                        }
                        position += 1;
                    }
                    ArgKind::Keyword(name) if name == param.name => out.push(ArgumentRef::Keyword(name)),
                    _ => {}
                }
            }
        }
    }
    out.into_iter()
}
