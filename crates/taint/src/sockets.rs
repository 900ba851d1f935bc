//! Sockets between programs of one machine.

use crate::driver::Engine;
use assay_ir::{ArgKind, Op, Value};
use assay_resolve::{FuncId, ModuleId, Object};

/// The families of sockets that lead nowhere else.
const LOCAL_FAMILIES: [&str; 2] = ["socket.AF_UNIX", "socket.AddressFamily.AF_UNIX"];

impl Engine<'_> {
    /// Whether data is read from a socket in a module that makes none but those between programs of one machine.
    pub(crate) fn is_of_this_machine(&mut self, f: FuncId, value: Value) -> bool {
        let apis = self.res.step_apis(f, value);
        let reads = |name: &str| name.starts_with("socket.socket") || name.starts_with("socket.SocketIO");
        if apis.is_empty() || !apis.iter().all(|api| reads(self.res.api_name(*api))) {
            return false;
        }
        let module = self.program().functions[f].module;
        if let Some(known) = self.local_sockets.get(&module) {
            return *known;
        }
        let local = self.makes_local_sockets(module);
        self.local_sockets.insert(module, local);
        local
    }

    fn makes_local_sockets(&self, module: ModuleId) -> bool {
        let program = self.program();
        let mut any = false;
        for f in program.functions.ids().filter(|f| program.functions[*f].module == module) {
            for (call, targets) in self.res.calls(f) {
                let Op::Call { args, .. } = program.function(f).op(*call) else { continue };
                if !targets.apis.iter().any(|api| self.res.api_name(*api) == "socket.socket") {
                    continue;
                }
                let family = args.iter().find(|arg| match arg.kind {
                    ArgKind::Positional => true,
                    ArgKind::Keyword(name) => program.strings.resolve(name) == "family",
                    ArgKind::Spread | ArgKind::KeywordSpread => false,
                });
                let local =
                    |object| matches!(object, Object::Api(api) if LOCAL_FAMILIES.contains(&self.res.api_name(api)));
                if !family.is_some_and(|family| self.res.objects(f, family.value).any(local)) {
                    return false;
                }
                any = true;
            }
        }
        any
    }
}
