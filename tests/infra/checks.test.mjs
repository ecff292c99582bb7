// Each check finds what it is for: the repository with one thing wrong in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orphans, parameterFaults } from './lib/bicep.mjs';
import * as checks from './lib/checks.mjs';
import { compile } from './lib/compiler.mjs';
import { Project } from './lib/project.mjs';

const project = Project.load();
const main = 'infra/main.bicep';
const app = 'infra/modules/function-app.bicep';
const bus = 'infra/modules/service-bus.bicep';
const guide = 'docs/azure.md';
/** A file that there is not, so that a test of an addition does not hang on what other files say. */
const probe = 'src/Lava.Functions/Probe.cs';

/** The check finds exactly these faults in the repository once the file is edited. */
const finds = (name, check, path, edit, ...expected) => test(name, () => {
  const before = new Set(check(project));
  const found = check(project.with(path, edit)).filter(fault => !before.has(fault));
  assert.equal(found.length, expected.length, JSON.stringify(found, null, 2));
  expected.forEach(pattern => assert.ok(found.some(fault => pattern.test(fault)), `${pattern} in ${JSON.stringify(found, null, 2)}`));
});
const swap = (from, to) => source => source.replace(from, to);
const without = pattern => swap(pattern, '');
const withMore = more => source => source + more;
const reading = expression => withMore(`public sealed class Probe(IConfiguration configuration)\n{\n    public string? Read() => ${expression};\n}\n`);
const functionOf = trigger => withMore(`public sealed class Probe\n{\n    [Function("probe")]\n    public Task RunAsync([${trigger}] object input) => Task.CompletedTask;\n}\n`);

finds('A Bicep file that nothing uses', orphans, main, swap("'modules/budget.bicep'", "'modules/identity.bicep'"), /budget\.bicep is used by no file/);

test('What the compiler says is heard: errors, warnings and lint', () => {
  const said = compile(project
    .with(bus, swap('requiresSession: true', 'requiresSession: sessions'))
    .with(main, swap('network!.outputs', 'network.outputs'))
    .with(app, withMore("\nparam forgotten string = ''\n")));

  assert.equal(said.length, 4, JSON.stringify(said, null, 2));
  for (const pattern of [/main\.bicep.*Error BCP104/, /service-bus\.bicep.*Error BCP057/, /main\.bicep.*Warning BCP318/, /function-app\.bicep.*Warning no-unused-params/]) assert.ok(said.some(line => pattern.test(line)), `${pattern} in ${JSON.stringify(said, null, 2)}`);
});

finds('A parameter that the parameters file does not give', parameterFaults, 'infra/main.parameters.json', without(/.*"zoneRedundant".*\n/), /does not give zoneRedundant/);
finds('A parameter that there is not', parameterFaults, 'infra/main.parameters.json', swap('"zoneRedundant"', '"zones"'), /no parameter zones/, /does not give zoneRedundant/);
finds('Two defaults for one parameter', parameterFaults, 'infra/main.parameters.json', swap('LAVA_HTTP_CONCURRENCY=200', 'LAVA_HTTP_CONCURRENCY=100'), /httpConcurrency is 100 by default, and 200/);

finds('A setting that the code reads and nobody documents', checks.settingFaults, probe, reading('configuration["Lava:Storage:Other"]'), /Lava__Storage__Other is read in .*Probe\.cs: give it/);
finds('A setting whose name is put together', checks.settingFaults, probe, reading('configuration[$"{AzureHead.StorageConnection}:queueServiceUri"] ?? configuration["Lava:Others:" + provider.Id]'), /AzureWebJobsStorage__queueServiceUri is read/, /Lava__Others__<name> is read/);
finds('A setting that is read by its type', checks.settingFaults, probe, reading('configuration.GetValue<int>("Lava:Most")'), /Lava__Most is read/);
finds('A section of which everything is read', checks.settingFaults, probe, reading('configuration.GetSection("Lava:Hosts").GetChildren()'), /Lava__Hosts__<name> is read/);
finds('A section of which it is not plain what is read', checks.settingFaults, probe, reading('Take(configuration.GetSection("Lava:Hosts"))'), /what is read of the section Lava:Hosts/);
finds('A variable of the environment', checks.settingFaults, probe, reading('Environment.GetEnvironmentVariable("LAVA_MODE")'), /LAVA_MODE is read/);
finds('A setting of an options type that nobody documents', checks.settingFaults, 'src/Lava.Service/Gateway/Calls/GatewayOptions.cs', swap('public int DrainSeconds', 'public int PatienceSeconds { get; set; } = 1;\n\n    public int DrainSeconds'), /Lava__Gateway__PatienceSeconds is read/);
finds('A setting that is read in a way that cannot be followed', checks.settingFaults, probe, reading('configuration[Where(services)]'), /which setting is configuration\[Where\(services\)\]/);
finds('A setting that the infrastructure stops giving', checks.settingFaults, app, without("  KeyVault__Uri: vaultUri\n"), /KeyVault__Uri is not set in infra/);
finds('A setting that nobody reads', checks.settingFaults, app, swap('KeyVault__Uri: vaultUri', 'KeyVault__Uri: vaultUri\n  KeyVault__Name: vaultUri'), /Nobody reads the setting KeyVault__Name/, /add KeyVault__Name/);
finds('A setting that the document keeps after the code', checks.settingFaults, guide, swap('| `Lava__Gateway__DrainSeconds` |', '| `Lava__Gateway__DrainTime` |'), /nobody reads or sets Lava__Gateway__DrainTime/, /Lava__Gateway__DrainSeconds is read/);
finds('A local setting that is gone', checks.settingFaults, 'local.settings.example.json', without(/.*FUNCTIONS_WORKER_RUNTIME.*\n/), /nobody reads or sets FUNCTIONS_WORKER_RUNTIME/, /FUNCTIONS_WORKER_RUNTIME is not set in local/);
finds('A document that names a setting of its own', checks.namedSettingFaults, 'README.md', withMore('\nSet Lava__Gateway__Speed.\n'), /README\.md: the code reads no setting Lava__Gateway__Speed/);
finds('A trigger of a queue that is left on where there is no Service Bus', checks.localFaults, probe, functionOf('ServiceBusTrigger("other", Connection = "ServiceBus")'), /add "AzureWebJobs\.probe\.Disabled"/);
finds('A switch of a function that is not there', checks.localFaults, 'local.settings.example.json', swap('AzureWebJobs.bill-customers.', 'AzureWebJobs.bill.'), /add "AzureWebJobs\.bill-customers\.Disabled"/, /switched off by AzureWebJobs\.bill\.Disabled/);

finds('A queue that the infrastructure lacks', checks.queueFaults, bus, without(/ {2}\{\n[^}]*'payment-events'[^}]*\}\n/), /add the queue payment-events/);
finds('A queue that nobody works on', checks.queueFaults, bus, swap("name: 'billing'", "name: 'bills'"), /add the queue billing/, /no handler works on the queue bills/);
finds('A handler without a trigger', checks.queueFaults, 'src/Lava.Functions/Queues/BillCustomersFunction.cs', source => source.replace('ServiceBusTrigger(', 'QueueTrigger('), /what is the trigger of the function "bill-customers"/, /add a function for the queue billing/);
finds('A trigger without a handler', checks.queueFaults, probe, functionOf('ServiceBusTrigger("other", Connection = "ServiceBus")'), /no handler works on the queue other/);
finds('A handler of a queue that is nowhere else', checks.queueFaults, 'src/Lava.Service/Probe.cs', withMore('public sealed class Probe : IMessageHandler\n{\n    public const string Name = "probes";\n    public string Queue => Name;\n}\n'), /service-bus\.bicep: add the queue probes/, /add a function for the queue probes/);
finds('A queue without sessions', checks.queueFaults, bus, swap('requiresSession: true', 'requiresSession: false'), /a queue's requiresSession is true/);

finds('A role that is not given', checks.roleFaults, 'infra/modules/storage.bicep', without(/ {2}storageTableDataContributor.*\n/), /give the app the role storageTableDataContributor, for the app uses TableServiceClient/);
finds('A role that nothing needs', checks.roleFaults, 'infra/modules/storage.bicep', swap("  storageBlobDataOwner:", "  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'\n  storageBlobDataOwner:"), /nothing needs the role storageQueueDataContributor/);
finds('A role under another role\'s name', checks.roleFaults, 'infra/modules/key-vault.bicep', swap('b86a8fe4-44ce-4948-aee5-eccb2c155cd7', '00482a5a-887f-4fb3-b363-3b7fe8e74483'), /keyVaultSecretsOfficer is not the role 00482a5a/);
finds('A vault that is only read, with a role to write', checks.roleFaults, 'src/Lava.Functions/Vault/KeyVaultVault.cs', source => source.replaceAll(/\.(Set|StartDelete|StartRecoverDeleted)SecretAsync\(/g, '.GetSecretAsync('), /give the app the role keyVaultSecretsUser/, /nothing needs the role keyVaultSecretsOfficer/);
finds('A client of Azure that nobody thought of a role for', checks.roleFaults, probe, withMore('using Azure.Storage.Blobs;\npublic sealed class Probe { private readonly object _client = new BlobServiceClient(); }\n'), /Which role does BlobServiceClient need/);

finds('A key of host.json that the host would pass over', checks.hostFaults, 'host.json', swap('"maxMessageBatchSize"', '"maxMessageBatchsize"'), /additional properties.*maxMessageBatchsize/);
finds('A time in host.json that is none', checks.hostFaults, 'host.json', swap('00:00:00.1000000', '100ms'), /sessionIdleTimeout: must match/);
finds('Keys of the storage account switched on', checks.secretFaults, 'infra/modules/storage.bicep', swap('allowSharedKeyAccess: false', 'allowSharedKeyAccess: true'), /keys of the storage account are off/);
finds('A key in a setting', checks.secretFaults, app, swap('tableEndpoint\n  AzureWebJobsStorage__credential', "listKeys(tableEndpoint, '2023-05-01').keys[0].value\n  AzureWebJobsStorage__credential"), /function-app\.bicep: a key or a password/);
finds('An instance kept ready for a function that is not there', checks.functionNameFaults, app, swap("'function:meter-usage'", "'function:meter'"), /there is no function meter/);
finds('A timer that no alert watches', checks.functionNameFaults, probe, functionOf('TimerTrigger("30 * * * * *")'), /timers-silent must watch probe/);
finds('An alert that watches a timer which is not there', checks.functionNameFaults, 'infra/modules/alerts.bicep', swap('"sweep-pending-requests"', '"sweep"'), /timers-silent must watch sweep-pending-requests/, /watches sweep, which does not run every minute/);
finds('A hook that is not there', checks.azdFaults, 'azure.yaml', swap('infra/hooks/postdeploy.sh', 'infra/hooks/after.sh'), /there is no infra\/hooks\/after\.sh/);
finds('A hook that wants an output that is not there', checks.azdFaults, main, swap('output LAVA_KEY_VAULT', 'output LAVA_VAULT'), ...['postprovision.sh', 'postprovision.ps1', 'postdeploy.sh', 'postdeploy.ps1'].flatMap(hook => project.read(`infra/hooks/${hook}`).match(/LAVA_KEY_VAULT/g).map(() => new RegExp(`${hook}: LAVA_KEY_VAULT is no output`))));
finds('A service that azd would not find', checks.azdFaults, 'azure.yaml', swap('  lava:\n    project', '  api:\n    project'), /azd-service-name is api/);
finds('A variable that nobody reads', checks.azdFaults, guide, swap('| `LAVA_BOOTSTRAP` |', '| `LAVA_SETUP` |'), /nobody reads LAVA_SETUP/, ...['postprovision.sh', 'postprovision.ps1', 'postdeploy.sh', 'postdeploy.ps1'].map(hook => new RegExp(`${hook}: LAVA_BOOTSTRAP is no output`)));

finds('A route that the guide does not have', checks.documentFaults, probe, functionOf('HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/gauges/{*rest}")'), /add "probe \| \/v1\/gauges\/\{\*rest\}"/);
finds('A route of the guide that is not there', checks.documentFaults, guide, swap('| `/pay/{*rest}` |', '| `/purse/{*rest}` |'), /add "pages-payment \| \/pay/, /"pages-payment \| \/purse\/\{\*rest\}" is not so/);
finds('A timer that the guide does not have', checks.documentFaults, probe, functionOf('TimerTrigger("0 30 3 * * *")'), /add "probe \| 0 30 3 \* \* \*"/);
finds('A queue that the guide does not have', checks.documentFaults, guide, without(/\| `billing` \|.*\n/), /add "billing \| bill-customers"/);
finds('A role that the guide does not have', checks.documentFaults, guide, without(/\| Storage Table Data Contributor \|.*\n/), /add "Storage Table Data Contributor \| storage account"/);
finds('A row of the guide that says nothing', checks.documentFaults, guide, swap('| `pages-payment` | `/pay/{*rest}` | pages of payments |', '| `pages-payment` | `/pay/{*rest}` | |'), /"pages-payment" says nothing/);
finds('A link to a heading that is not there', checks.linkFaults, guide, swap('(operations.md#audit)', '(operations.md#proof)'), /docs\/azure\.md: operations\.md#proof leads nowhere/);
finds('A link to a document that is not there', checks.linkFaults, 'README.md', withMore('\n[Nothing](docs/nothing.md)\n'), /README\.md: docs\/nothing\.md leads nowhere/);
finds('An alert without an answer', checks.alertFaults, 'docs/operations.md', without(/\| `backlog` \|.*\n/), /add "backlog" and what to do/);
