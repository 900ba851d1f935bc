//! Paths in folders that everybody on the machine can write.
//!
//! Whoever makes a file there under a name that can be known beforehand may find that another user has put a link there. A
//! name is *unpredictable* when something random is a part of it.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::Origin;
use assay_index::{Idx, Symbol};
use assay_ir::{Op, Value};
use assay_models::{KindSet, SinkKind, SourceKind};

/// Folders in which every account can make files.
pub const SHARED_FOLDERS: [&str; 4] = ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp"];
/// Modules whose functions give what nobody can guess, or make files themselves.
const UNPREDICTABLE: [&str; 5] = ["uuid.", "secrets.", "random.", "os.urandom", "tempfile."];
/// Steps from a value to what makes it unpredictable.
const MAX_STEPS: u32 = 6;

impl<'a> Engine<'a> {
    /// Data comes from a shared folder when a constant text begins with its name.
    pub(crate) fn shared_folder(&mut self, fun: &mut Fun<'a>, value: Value, text: Symbol) {
        let text = self.program().strings.resolve(text);
        let below = |folder: &&str| text.strip_prefix(*folder);
        if SHARED_FOLDERS.iter().filter_map(below).any(|rest| rest.is_empty() || rest.starts_with('/')) {
            self.add_source(fun, value, SourceKind::SharedFolder, KindSet::of(SinkKind::FileCreation));
        }
    }

    /// Takes away that a path in a shared folder can be known beforehand, when something random is a part of it.
    pub(crate) fn unpredictable(&mut self, fun: &mut Fun<'a>, value: Value) {
        let shared = fun.tree(value).entries.iter().any(|e| {
            matches!(self.labels.origin_of(e.origin), Origin::Source(source)
                if self.labels.sources[source].kind == Some(SourceKind::SharedFolder))
        });
        if shared && self.is_random(fun, value, MAX_STEPS) {
            fun.restrict(value, KindSet::of(SinkKind::FileCreation));
        }
    }

    fn is_random(&self, fun: &Fun<'a>, value: Value, steps: u32) -> bool {
        if steps == 0 {
            return false;
        }
        let random = |api| {
            let name = self.res.api_name(api);
            UNPREDICTABLE.iter().any(|prefix| name.starts_with(prefix)) && name != "tempfile.gettempdir"
        };
        let op = fun.function.op(value);
        if let Op::Call { .. } = op
            && self.res.call(fun.id, value).is_some_and(|targets| targets.apis.iter().any(|api| random(*api)))
        {
            return true;
        }
        let mut found = false;
        op.for_each_operand(|operand| {
            found |= operand.index() != value.index() && self.is_random(fun, operand, steps - 1);
        });
        found
    }
}
