//! A scenario and tools that do what a test tells them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::automations::{
    AutomationConfig, AutomationKind, AutomationRole, Opened, Scenario, ToolCall, ToolSpec, Toolbox, Turn,
    TurnContext,
};
use crate::channel::{Capabilities, Descriptor};
use crate::error::Result;
use crate::settings::Kind;

type TakeTurn = Box<dyn Fn(&TurnContext, Option<&[u8]>) -> Result<Turn> + Send + Sync>;
type Answer = Box<dyn Fn(&ToolCall) -> Result<Value> + Send + Sync>;

/// A kind of automation whose turns or answers a test gives. Everything that is opened of it is the same.
pub struct FakeAutomation {
    descriptor: Descriptor,
    /// One of the two.
    scenario: Option<Arc<FakeScenario>>,
    tools: Option<Arc<FakeTools>>,
    opened: Mutex<Vec<AutomationConfig>>,
}

impl std::fmt::Debug for FakeAutomation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeAutomation")
            .field("kind", &self.descriptor.kind)
            .finish_non_exhaustive()
    }
}

impl FakeAutomation {
    /// A scenario called `fake-scenario`.
    pub fn scenario(
        turn: impl Fn(&TurnContext, Option<&[u8]>) -> Result<Turn> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            descriptor: descriptor("fake-scenario"),
            scenario: Some(Arc::new(FakeScenario {
                turn: Box::new(turn),
                taken: Mutex::default(),
            })),
            tools: None,
            opened: Mutex::default(),
        })
    }

    /// A toolbox called `fake-tools` with one tool, `look`.
    pub fn tools(answer: impl Fn(&ToolCall) -> Result<Value> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            descriptor: descriptor("fake-tools"),
            scenario: None,
            tools: Some(Arc::new(FakeTools {
                answer: Box::new(answer),
                called: Mutex::default(),
            })),
            opened: Mutex::default(),
        })
    }

    /// What the scenario was told, turn by turn.
    pub fn taken(&self) -> Vec<TurnContext> {
        self.scenario
            .iter()
            .flat_map(|fake| lock(&fake.taken).clone())
            .collect()
    }

    /// How the tools were called, in order.
    pub fn called(&self) -> Vec<ToolCall> {
        self.tools
            .iter()
            .flat_map(|fake| lock(&fake.called).clone())
            .collect()
    }

    /// What was opened, in order.
    pub fn opened(&self) -> Vec<AutomationConfig> {
        lock(&self.opened).clone()
    }
}

fn descriptor(kind: &str) -> Descriptor {
    Descriptor {
        kind: kind.to_owned(),
        version: "1".to_owned(),
        title: "Fake".to_owned(),
        summary: "Does what a test tells it.".to_owned(),
        config_schema: json!({
            "type": "object",
            "properties": {
                "token": { "type": "string", "minLength": 3, "title": "Token", "x-secret": true },
                "greeting": { "type": "string", "title": "Greeting" },
            },
        }),
        capabilities: Capabilities::default(),
        app: None,
        docs: "Nothing needs to be set up.".to_owned(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kind for FakeAutomation {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl AutomationKind for FakeAutomation {
    fn role(&self) -> AutomationRole {
        match self.scenario {
            Some(_) => AutomationRole::Scenario,
            None => AutomationRole::Tools,
        }
    }

    fn open(&self, automation: AutomationConfig) -> Result<Opened> {
        lock(&self.opened).push(automation);
        Ok(match (&self.scenario, &self.tools) {
            (Some(scenario), _) => Opened::Scenario(scenario.clone()),
            (None, Some(tools)) => Opened::Tools(tools.clone()),
            (None, None) => unreachable!("a fake is one of the two"),
        })
    }
}

struct FakeScenario {
    turn: TakeTurn,
    taken: Mutex<Vec<TurnContext>>,
}

#[async_trait]
impl Scenario for FakeScenario {
    async fn turn(&self, context: &TurnContext, state: Option<&[u8]>) -> Result<Turn> {
        lock(&self.taken).push(context.clone());
        (self.turn)(context, state)
    }
}

struct FakeTools {
    answer: Answer,
    called: Mutex<Vec<ToolCall>>,
}

#[async_trait]
impl Toolbox for FakeTools {
    async fn tools(&self) -> Result<Vec<ToolSpec>> {
        Ok(vec![ToolSpec {
            name: "look".to_owned(),
            description: "Looks something up.".to_owned(),
            args_schema: json!({ "type": "object" }),
            read_only: true,
        }])
    }

    async fn call(&self, call: &ToolCall) -> Result<Value> {
        lock(&self.called).push(call.clone());
        (self.answer)(call)
    }
}
