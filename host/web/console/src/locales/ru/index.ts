import api_keys from "./api_keys.json";
import areas from "./areas.json";
import audit from "./audit.json";
import auth from "./auth.json";
import automations from "./automations.json";
import channel from "./channel.json";
import channels from "./channels.json";
import common from "./common.json";
import composer from "./composer.json";
import condition from "./condition.json";
import conversation from "./conversation.json";
import customer from "./customer.json";
import customers from "./customers.json";
import delivery from "./delivery.json";
import errors from "./errors.json";
import filters from "./filters.json";
import form from "./form.json";
import lack from "./lack.json";
import list from "./list.json";
import locale from "./locale.json";
import message from "./message.json";
import palette from "./palette.json";
import phrases from "./phrases.json";
import plugins from "./plugins.json";
import presence from "./presence.json";
import priority from "./priority.json";
import profile from "./profile.json";
import quarantine from "./quarantine.json";
import rights from "./rights.json";
import role from "./role.json";
import roles from "./roles.json";
import routing from "./routing.json";
import sandbox from "./sandbox.json";
import shortcuts from "./shortcuts.json";
import snooze from "./snooze.json";
import status from "./status.json";
import system from "./system.json";
import tags from "./tags.json";
import team from "./team.json";
import theme from "./theme.json";
import time from "./time.json";
import views from "./views.json";

export default {
  api_keys,
  areas,
  audit,
  auth,
  automations,
  channel,
  channels,
  common,
  composer,
  condition,
  conversation,
  customer,
  customers,
  delivery,
  errors,
  filters,
  form,
  lack,
  list,
  locale,
  message,
  palette,
  phrases,
  plugins,
  presence,
  priority,
  profile,
  quarantine,
  rights,
  role,
  roles,
  routing,
  sandbox,
  shortcuts,
  snooze,
  status,
  system,
  tags,
  team,
  theme,
  time,
  views,
};
