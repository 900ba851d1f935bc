//! How sure a way of data is, and who at its beginning is trusted with what stands at its end.

use crate::flows::FlowInput;
use assay_ir::Op;
use assay_models::{SinkKind, SourceKind};
use assay_resolve::{FuncId, Object};
use assay_taint::{Flags, Flow, HopKind, SinkSite, TraceStep, TraceStepKind};

impl FlowInput<'_> {
    /// The check that lets only administrators in where data comes in, when what it reaches is theirs to choose: what the
    /// service connects to, which files it reads, what it writes to its log. What runs code, statements or scripts, and where
    /// others can send them, is not.
    pub(crate) fn administrators(&self, kind: SinkKind, f: FuncId) -> Option<String> {
        let theirs = matches!(
            kind,
            SinkKind::RequestForgery
                | SinkKind::PathInjection
                | SinkKind::FileCreation
                | SinkKind::ArchiveExtraction
                | SinkKind::ArgumentInjection
                | SinkKind::FileContent
                | SinkKind::ConfigInjection
                | SinkKind::LogInjection
                | SinkKind::RegexInjection
                | SinkKind::RegexMatch
                | SinkKind::ResourceAmount
                | SinkKind::Decompression
                | SinkKind::CacheKey
                | SinkKind::FormatString
                | SinkKind::Reflection
                | SinkKind::AttributeInjection
                | SinkKind::Xxe
        );
        if theirs { self.surface.asks_for_administrators(self.code, f) } else { None }
    }

    /// Whether a function answers with something that may be an object of another kind than a text.
    fn may_be_object(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let Op::Returned(value) = function.op(site.call) else { return false };
        let text = |object| match object {
            Object::Api(api) => {
                let name = self.resolution.api_name(api);
                name.starts_with("builtins.str") || name.starts_with("builtins.bytes")
            }
            _ => false,
        };
        !matches!(function.op(*value), Op::Format(_) | Op::Binary(..) | Op::InPlace(..) | Op::Const(_))
            && !self.resolution.objects(site.function, *value).any(text)
    }

    /// Whether a way is known well enough to be worth a reader's time. What is guessed of it (what an unknown function does with
    /// its arguments, what many steps or state that all instances of a class share carry) is mostly not so; one guess
    /// is borne where the harm is that code or statements run. A receiver that looks the part is no guess of the way.
    ///
    /// Beside a known way, one assumption about its ends is borne: that callers of a public function, or hosts that are asked, pass
    /// untrusted data, or that what is answered is a text.
    pub(crate) fn certain(
        &self,
        site: &SinkSite,
        source: Option<SourceKind>,
        flags: Flags,
        flow: Option<&Flow>,
    ) -> bool {
        let kind = site.kind;
        // Code, statements, and what another program is configured by.
        let grave = matches!(
            kind,
            SinkKind::CodeInjection
                | SinkKind::CommandInjection
                | SinkKind::SqlInjection
                | SinkKind::NosqlInjection
                | SinkKind::TemplateInjection
                | SinkKind::FileContent
        );
        // A forged line of a log or header is worth a word only where nothing is assumed: most servers refuse them. And
        // names are looked up all over a program that is put together at run time.
        let sure = matches!(
            kind,
            SinkKind::LogInjection
                | SinkKind::HeaderInjection
                | SinkKind::Reflection
                | SinkKind::AttributeInjection
                | SinkKind::ResourceAmount
                | SinkKind::CacheKey
        );
        // Nothing refuses line ends in a head that the program writes itself.
        let own_head = kind == SinkKind::HeaderInjection && site.api.is_none();
        // What a template is told not to escape is meant to be markup.
        let shown = source == Some(SourceKind::Remote) && self.is_template_output(site) && self.is_unescaped(site);
        let guesses = flags.assumptions() - u32::from(flags.has(Flags::ASSUMED_TYPE));
        let on_way = flow.map_or(0, |flow| assumed_on_way(flow, &self.analysis.trace(flow)));
        if guesses + on_way > u32::from(grave || shown && on_way == 0) {
            return false;
        }
        let distrusted = matches!(source, None | Some(SourceKind::Response | SourceKind::Stored));
        // What a file or message says of its own size, nobody means who passes it.
        let distrusted = distrusted && kind != SinkKind::ResourceAmount;
        let assumed = guesses + on_way + u32::from(distrusted) + u32::from(self.may_be_object(site));
        assumed <= u32::from(!sure || own_head)
    }
}

/// Steps of a way that make one assumption: at each, the analysis may have taken one thing for another.
const STEPS_PER_ASSUMPTION: u32 = 16;

/// The assumptions that the length of a way makes, and each load but one of what all instances of a class share.
pub(crate) fn assumed_on_way(flow: &Flow, steps: &[TraceStep]) -> u32 {
    let loads = steps.iter().filter(|step| matches!(step.kind, TraceStepKind::Hop(HopKind::Loaded(_)))).count();
    let length = flow.length.max(u32::try_from(steps.len()).unwrap_or(u32::MAX));
    // What a library may have made of the data is the less sure to be what is loaded elsewhere.
    let free = u32::from(!flow.flags.has(Flags::LIBRARY));
    length / STEPS_PER_ASSUMPTION + u32::try_from(loads).unwrap_or(u32::MAX).saturating_sub(free)
}
