// The checks. Each gives the faults that it finds, as sentences that say what to do; none is a pass.
import Ajv from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elements, literal, load, properties } from './bicep.mjs';
import { clients, functions, handledQueues, settings } from './code.mjs';
import { table, tableFaults } from './documents.mjs';

const guide = 'docs/azure.md';
const appFile = 'infra/modules/function-app.bicep';

/** Settings that the Functions host, Azure.Identity or Application Insights read, not Lava's code. */
const hosts = [
  /^AzureWebJobsStorage__(blobServiceUri|credential|clientId)$/,
  /^ServiceBus__(credential|clientId)$/,
  /^AZURE_CLIENT_ID$/,
  /^APPLICATIONINSIGHTS_(CONNECTION_STRING|AUTHENTICATION_STRING)$/,
  /^FUNCTIONS_WORKER_RUNTIME$/,
  /^AzureWebJobsDisableHomepage$/,
  /^AzureWebJobs\.[\w-]+\.Disabled$/,
];

const difference = (left, right) => [...left].filter(item => !right.has(item));

/** What the app is given on Azure. */
const bicepSettings = project => new Set(properties(load(project).get(appFile).vars.get('settings')).keys());

const localSettings = project => JSON.parse(project.read('local.settings.example.json')).Values;

/** Every setting that the code reads is given or documented as optional; none is given that nobody reads; and the document's table says which is which. */
export function settingFaults(project) {
  const { read, faults } = settings(project);
  const given = bicepSettings(project);
  const local = new Set(Object.keys(localSettings(project)).map(name => name.replace(/^AzureWebJobs\.[\w-]+\.Disabled$/, 'AzureWebJobs.<function>.Disabled')));
  const rows = new Map(table(project, guide, 'settings').map(row => [row[0], row]));
  const found = [...faults];
  for (const [name, path] of read)
    if (!rows.has(name)) found.push(`${name} is read in ${path}: give it in ${appFile} and local.settings.example.json where it is needed, and add it to the table of settings in ${guide}`);
  for (const name of [...given, ...local]) {
    if (!read.has(name) && !hosts.some(host => host.test(name.replace('<function>', 'x')))) found.push(`Nobody reads the setting ${name}`);
    if (!rows.has(name)) found.push(`${guide}, table of settings: add ${name}`);
  }
  for (const [name, [, azure, here, meaning]] of rows) {
    if (!read.has(name) && !given.has(name) && !local.has(name)) found.push(`${guide}, table of settings: nobody reads or sets ${name}`);
    if (!['set', 'optional', '—'].includes(azure) || !['set', 'optional', '—'].includes(here)) found.push(`${guide}, table of settings: ${name} is "set", "optional" or "—" on Azure and locally`);
    if ((azure === 'set') !== given.has(name)) found.push(`${guide}, table of settings: ${name} is ${given.has(name) ? '' : 'not '}set in ${appFile}`);
    if ((here === 'set') !== local.has(name)) found.push(`${guide}, table of settings: ${name} is ${local.has(name) ? '' : 'not '}set in local.settings.example.json`);
    if (!meaning) found.push(`${guide}, table of settings: what does ${name} mean?`);
  }
  return found;
}

/** Settings that a document other than the guide names are settings that the code reads, that of the local head too. */
export function namedSettingFaults(project) {
  const { read } = settings(project, /^src\/.*\.cs$/);
  const patterns = [...read.keys()].map(name => new RegExp(`^${name.replaceAll('<name>', '[A-Za-z0-9_<>-]+')}$`));
  return project.paths(/^(README|docs\/.*)\.md$/).flatMap(path =>
    [...project.read(path).matchAll(/\bLava__(?:\w|<\w+>)+/g)].map(match => match[0]).filter(name => !patterns.some(pattern => pattern.test(name))).map(name => `${path}: the code reads no setting ${name}`));
}

/** A developer's settings start the app with the storage emulator alone: every trigger of Service Bus is off. */
export function localFaults(project) {
  const values = localSettings(project);
  const triggers = new Set(functions(project).queues.map(queue => `AzureWebJobs.${queue.name}.Disabled`));
  const off = new Set(Object.keys(values).filter(name => /^AzureWebJobs\..*\.Disabled$/.test(name) && values[name] === 'true'));
  return [
    ...difference(triggers, off).map(name => `local.settings.example.json: add "${name}": "true", for no Service Bus is there`),
    ...difference(off, triggers).map(name => `local.settings.example.json: no function of a queue is switched off by ${name}`),
    ...(values.AzureWebJobsStorage === 'UseDevelopmentStorage=true' ? [] : ['local.settings.example.json: AzureWebJobsStorage is the emulator\'s']),
  ];
}

/** Queues of the infrastructure, with what each has in common. */
function bicepQueues(project) {
  const file = load(project).get('infra/modules/service-bus.bicep');
  return new Set(elements(file.vars.get('queues')).map(item => literal(properties(item).get('name'))));
}

/** The queues of the code's handlers, of the infrastructure and of the triggers are the same. */
export function queueFaults(project) {
  const { queues: triggers, faults } = functions(project);
  const { queues: handled, faults: unclear } = handledQueues(project);
  const made = bicepQueues(project);
  const triggered = new Set(triggers.map(trigger => trigger.queue?.replace(/\/\$deadletterqueue$/i, '')));
  const file = load(project).get('infra/modules/service-bus.bicep');
  const shape = properties(file.resources.get('queue')?.properties.get('properties'));
  return [
    ...faults,
    ...unclear,
    ...difference(handled, made).map(name => `infra/modules/service-bus.bicep: add the queue ${name}`),
    ...difference(made, handled).map(name => `infra/modules/service-bus.bicep: no handler works on the queue ${name}`),
    ...difference(handled, triggered).map(name => `src/Lava.Functions/Queues: add a function for the queue ${name}`),
    ...difference(triggered, handled).map(name => `src/Lava.Functions/Queues: no handler works on the queue ${name}`),
    ...Object.entries({ requiresSession: 'true', requiresDuplicateDetection: 'true', lockDuration: "'PT5M'", maxDeliveryCount: '10', defaultMessageTimeToLive: "'P14D'", deadLetteringOnMessageExpiration: 'true' })
      .filter(([name, value]) => shape.get(name)?.text !== value).map(([name, value]) => `infra/modules/service-bus.bicep: a queue's ${name} is ${value}`),
  ];
}

/** Azure's built-in roles that may be given (Microsoft Learn, "Azure built-in roles"). */
const builtIn = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419',
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
  cognitiveServicesOpenAIUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
};

/** Roles that the infrastructure gives to the app: by name, each with the file that gives it. */
function givenRoles(project) {
  const roles = new Map();
  const faults = [];
  for (const [path, file] of load(project)) {
    const assignments = [...file.resources].filter(([, resource]) => resource.type.startsWith('Microsoft.Authorization/roleAssignments@'));
    const named = properties(file.vars.get('roles'));
    if (assignments.length > 0 !== named.size > 0) faults.push(`${path}: its roles stand in the variable roles and are assigned`);
    for (const [name, value] of named) {
      if (builtIn[name] !== literal(value)) faults.push(`${path}: ${name} is not the role ${literal(value)}`);
      roles.set(name, path);
    }
    for (const [name, resource] of assignments) {
      const definition = properties(resource.properties.get('properties')).get('roleDefinitionId')?.text ?? '';
      if (!/roleDefinitions', (role\.value|roles\.\w+)\)$/.test(definition)) faults.push(`${path}: ${name} assigns a role that is not in the variable roles`);
    }
  }
  return { roles, faults };
}

/** The app has the roles that its clients and its host need, and no other. */
export function roleFaults(project) {
  const { clients: used, writesSecrets } = clients(project);
  const { roles, faults } = givenRoles(project);
  const needs = new Map([
    ['storageBlobDataOwner', 'the host keeps its package, locks and keys in blobs'],
    ['monitoringMetricsPublisher', 'telemetry is taken from identities alone'],
    ['cognitiveServicesOpenAIUser', 'the app calls models with its own identity'],
  ]);
  const byClient = {
    TableServiceClient: 'storageTableDataContributor',
    // Manage is what scaling by a queue's length needs (Microsoft Learn, "Target-based scaling").
    ServiceBusClient: 'serviceBusDataOwner',
    SecretClient: writesSecrets ? 'keyVaultSecretsOfficer' : 'keyVaultSecretsUser',
  };
  for (const client of used) {
    if (byClient[client]) needs.set(byClient[client], `the app uses ${client}`);
    else faults.push(`Which role does ${client} need? Say so in tests/infra/lib/checks.mjs and give it in infra/modules.`);
  }
  return [
    ...faults,
    ...difference(needs.keys(), roles).map(name => `infra/modules: give the app the role ${name}, for ${needs.get(name)}`),
    ...difference(roles.keys(), needs).map(name => `${roles.get(name)}: nothing needs the role ${name}`),
  ];
}

/** host.json has only keys and values that the host knows. */
export function hostFaults(project) {
  const schema = JSON.parse(readFileSync(new URL('../host.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  return validate(JSON.parse(project.read('host.json'))) ? [] : validate.errors.map(error => `host.json${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

/** There is no secret in the infrastructure, and no door that one would open. */
export function secretFaults(project) {
  const shut = [
    ['infra/modules/storage.bicep', /allowSharedKeyAccess: false/, 'keys of the storage account are off'],
    ['infra/modules/storage.bicep', /allowBlobPublicAccess: false/, 'no blob is public'],
    ['infra/modules/storage.bicep', /minimumTlsVersion: 'TLS1_2'/, 'TLS 1.2 at least'],
    ['infra/modules/service-bus.bicep', /disableLocalAuth: true/, 'keys of Service Bus are off'],
    ['infra/modules/service-bus.bicep', /minimumTlsVersion: '1.2'/, 'TLS 1.2 at least'],
    ['infra/modules/monitoring.bicep', /DisableLocalAuth: true/, 'telemetry is taken from identities alone'],
    ['infra/modules/key-vault.bicep', /enableRbacAuthorization: true/, 'the vault is opened by roles'],
    ['infra/modules/key-vault.bicep', /enablePurgeProtection: true/, 'secrets cannot be purged'],
    ['infra/modules/function-app.bicep', /httpsOnly: true/, 'HTTPS only'],
  ];
  const keys = /\blistKeys\(|\blistSecrets?\(|\blistAdminKeys\(|AccountKey=|SharedAccessKey=|SharedAccessSignature|primaryConnectionString|\b[Pp]assword\s*[:=]/;
  return [
    ...shut.filter(([path, pattern]) => !pattern.test(project.read(path))).map(([path, , what]) => `${path}: ${what}`),
    ...project.paths(/^(infra\/|azure\.yaml|src\/Lava\.Functions\/(host|local\.settings))/).filter(path => keys.test(project.read(path))).map(path => `${path}: a key or a password`),
  ];
}

/** Names of functions in the infrastructure are names of functions. */
export function functionNameFaults(project) {
  const { http, queues, timers } = functions(project);
  const known = new Set([...http, ...queues, ...timers].map(item => item.name));
  const silent = /make_set\(OperationName\) \| where not\(([^|]*)\)'/.exec(project.read('infra/modules/alerts.bicep'))?.[1] ?? '';
  const watched = new Set([...silent.matchAll(/set_has_element\(Ran, "([\w-]+)"\)/g)].map(match => match[1]));
  const often = timers.filter(timer => /^\d+ \* \* \* \* \*$/.test(timer.schedule)).map(timer => timer.name);
  return [
    ...[...project.read(appFile).matchAll(/'function:([\w-]+)'/g)].map(match => match[1]).filter(name => !known.has(name)).map(name => `${appFile}: there is no function ${name}`),
    ...often.filter(name => !watched.has(name)).map(name => `infra/modules/alerts.bicep: timers-silent must watch ${name}`),
    ...[...watched].filter(name => !often.includes(name)).map(name => `infra/modules/alerts.bicep: timers-silent watches ${name}, which does not run every minute`),
  ];
}

/** azure.yaml and its hooks name files, outputs and the app's tag as they are. */
export function azdFaults(project) {
  const yaml = project.read('azure.yaml');
  const outputs = load(project).get('infra/main.bicep').outputs;
  const options = new Set(table(project, guide, 'environment').map(row => row[0]));
  const service = /^services:\n {2}(\w+):/m.exec(yaml)?.[1];
  const found = [];
  for (const [, path] of yaml.matchAll(/^ +run: (\S+)$/gm)) if (!project.texts.has(path)) found.push(`azure.yaml: there is no ${path}`);
  if (!project.read(appFile).includes(`'azd-service-name': '${service}'`)) found.push(`${appFile}: the tag azd-service-name is ${service}`);
  const parameters = JSON.stringify(JSON.parse(project.read('infra/main.parameters.json')));
  const used = [
    ...project.paths(/^infra\/hooks\//).flatMap(path => [...project.read(path).matchAll(/(?:\$\{?|\$\(?\$?env:)(LAVA_[A-Z_]+)/g)].map(match => [match[1], path])),
    ...[...parameters.matchAll(/\$\{(LAVA_[A-Z_]+)/g)].map(match => [match[1], 'infra/main.parameters.json']),
  ];
  for (const [name, path] of used) if (!outputs.has(name) && !options.has(name)) found.push(`${path}: ${name} is no output of main.bicep and not in ${guide}'s table of environment`);
  const names = new Set(used.map(([name]) => name));
  for (const name of options) if (!names.has(name)) found.push(`${guide}, table of environment: nobody reads ${name}`);
  return found;
}

/** The guide's tables say what is so. */
export function documentFaults(project) {
  const { http, queues, timers } = functions(project);
  const { roles } = givenRoles(project);
  const spaced = name => name.replace(/([A-Z])/g, ' $1').replace(/^./, letter => letter.toUpperCase()).replace('Service Bus', 'Azure Service Bus').replace('Open A I', 'OpenAI');
  const place = path => ({ storage: 'storage account', 'service-bus': 'Service Bus namespace', 'key-vault': 'vault', monitoring: 'Application Insights', 'openai-access': 'Azure OpenAI' })[/(\w[\w-]*)\.bicep$/.exec(path)[1]];
  return [
    ...tableFaults(project, guide, 'routes', http.map(({ name, route }) => [name, `/${route}`]), 'and what it serves'),
    ...tableFaults(project, guide, 'queues', queues.map(({ name, queue }) => [queue, name]), 'and what its sessions and its work are'),
    ...tableFaults(project, guide, 'timers', timers.map(({ name, schedule }) => [name, schedule]), 'and what it does'),
    ...tableFaults(project, guide, 'roles', [...roles].map(([name, path]) => [spaced(name), place(path)]), 'and why'),
  ];
}

/** Every alert of the infrastructure has a section in the operator's guide. */
export function alertFaults(project) {
  const source = project.read('infra/modules/alerts.bicep');
  const names = [...[...source.matchAll(/name: 'alert-([a-z-]+)-\$\{token\}'/g)].map(match => match[1]), ...elements(load(project).get('infra/modules/alerts.bicep').vars.get('queries')).map(item => literal(properties(item).get('name')))];
  return tableFaults(project, 'docs/operations.md', 'alerts', names.map(name => [name]), 'and what to do');
}

/** A heading's anchor, as GitHub makes it. */
const anchor = heading => heading.toLowerCase().replace(/[^\p{L}\p{N}\- _]/gu, '').replaceAll(' ', '-');

/** Links between documents lead to files and headings that there are. */
export function linkFaults(project) {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  return project.paths(/^(README|docs\/.*)\.md$/).flatMap(path =>
    [...project.read(path).matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].filter(([, target, heading]) => {
      const to = target === '' ? path : posix.normalize(posix.join(posix.dirname(path), target));
      if (!project.texts.has(to) && !existsSync(root + to)) return true;
      return heading !== undefined && !(project.texts.get(to) ?? '').split('\n').some(line => /^#+ /.test(line) && anchor(line.replace(/^#+ /, '')) === heading);
    }).map(([, target, heading]) => `${path}: ${target}${heading ? `#${heading}` : ''} leads nowhere`));
}
