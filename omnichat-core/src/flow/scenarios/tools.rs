//! A tool is called for a scenario; its answer is the scenario's next turn.

use std::sync::Arc;

use serde_json::Value;

use super::{Scene, later, read};
use crate::automations::opened::{Ready, named};
use crate::automations::scenario::ToolFailure;
use crate::automations::{Opened, ToolCall};
use crate::change::Changes;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::flow::outbound::{end, finish, retry};
use crate::flow::settling::Settling;
use crate::job::{JobChange, Lease, kinds};
use crate::limits;
use crate::ports::Ports;
use crate::text;

/// How often a tool is called that says to try again.
const TRIES: u32 = 3;

/// Works off a [`kinds::TOOL`] job.
pub(crate) async fn run_tool(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let job: kinds::ForScenario<kinds::CallOfTool> = kinds::payload(&lease.job)?;
    let Some(scene) = read(ports, lease, &job).await? else {
        return finish(ports, lease).await;
    };
    let call = &job.what;
    let result = match answer(ports, lease, &scene, call).await {
        Ok(mut answer) => {
            text::strip_nul(&mut answer);
            Ok(answer)
        }
        Err(error) if error.retry() != Retry::Never && lease.attempts + 1 < TRIES => {
            let after = later(lease, &error);
            return end(ports, lease, retry(lease, after, &error)).await;
        }
        Err(error) => {
            tracing::info!(conversation = %job.conversation, tool = call.name, %error, "a tool has no answer");
            Err(failure(&error))
        }
    };
    let mut changes = answered(ports, &scene, &job, result);
    changes.job(JobChange::Finish(lease.key()));
    // The tool has done what it does: it is not called again because the store was away.
    let mut settling = Settling::new(ports, lease);
    while settling.write(Ok(changes.clone())).await.is_none() {}
    Ok(())
}

/// A call that is given up has failed, and the scenario is told so.
pub(crate) async fn give_up_tool(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<Changes> {
    let job: kinds::ForScenario<kinds::CallOfTool> = kinds::payload(&lease.job)?;
    Ok(match read(ports, lease, &job).await? {
        Some(scene) => answered(ports, &scene, &job, Err(failure(why))),
        None => Changes::in_job(&lease.job),
    })
}

/// The turn in which the scenario hears of it.
fn answered(
    ports: &Ports,
    scene: &Scene,
    job: &kinds::ForScenario<kinds::CallOfTool>,
    result: std::result::Result<Value, ToolFailure>,
) -> Changes {
    let cause = kinds::TurnCause::Tool {
        name: job.what.name.clone(),
        result,
    };
    let mut changes = super::plan::changes(scene);
    changes.job(kinds::turn(&*ports.clock, &scene.conversation, job.since, cause));
    changes
}

fn failure(error: &Error) -> ToolFailure {
    ToolFailure {
        code: error.kind().code().to_owned(),
        message: error.message().replace('\0', ""),
        retryable: error.retry() != Retry::Never,
    }
}

async fn answer(ports: &Ports, lease: &Lease, scene: &Scene, call: &kinds::CallOfTool) -> Result<Value> {
    let (ready, name) = find(ports, lease, &call.name).await?;
    let Opened::Tools(toolbox) = &ready.opened else {
        return Err(unknown(&call.name));
    };
    let answer = toolbox
        .call(&ToolCall {
            name: name.to_owned(),
            args: call.args.clone(),
            call: lease.job.id.to_string(),
            conversation: Some(scene.conversation.id),
            customer: Some(scene.customer.id),
            locale: scene.customer.locale.clone(),
        })
        .await?;
    if text::is_deeper(&answer, limits::DEPTH) {
        let message = format!("its answer is nested more than {} deep", limits::DEPTH);
        return Err(Error::new(ErrorKind::Rejected, message));
    }
    Ok(answer)
}

/// The toolbox of a name like `order-status/order_status`, and the rest of the name.
async fn find<'a>(ports: &Ports, lease: &Lease, name: &'a str) -> Result<(Arc<Ready>, &'a str)> {
    let tenant = lease.job.tenant;
    let (kind, tool) = name.split_once('/').ok_or_else(|| unknown(name))?;
    let missing = |error: Error| match error.kind() {
        ErrorKind::NotFound => unknown(name),
        _ => error,
    };
    let id = named(&*ports.tenant(tenant), kind).await.map_err(missing)?;
    let ready = ports.automation(tenant, id).await.map_err(missing)?;
    Ok((ready, tool))
}

fn unknown(name: &str) -> Error {
    let message = format!("the tool «{name}» is not set up, or is switched off");
    Error::new(ErrorKind::NotFound, message)
}
