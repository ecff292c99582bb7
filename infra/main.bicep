// Lava on Azure: one function app and what it needs, in a resource group of its own. No secrets: the app reaches everything with its own identity.
// `azd up` deploys it with main.parameters.json; docs/azure.md explains every parameter.
targetScope = 'subscription'

@description('Name of the environment, from which the resource group and all names are derived.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Where everything is; Flex Consumption must be offered there.')
@minLength(1)
param location string

@description('Object id of who deploys and may read and write the vault\'s secrets (the bootstrap hooks need it); empty for nobody.')
param principalId string = ''

@description('Tags on every resource, beside azd\'s own.')
param tags object = {}

@description('Settings of the app beside those that the infrastructure knows, such as Lava__Gateway__IdleSeconds. No secrets.')
param appSettings object = {}

@description('Instances kept ready for calls, so that the first call of a quiet hour does not wait for a start.')
@minValue(0)
@maxValue(100)
param readyInstances int = 1

@description('Instances kept ready for metering, which scales apart from calls.')
@minValue(0)
@maxValue(100)
param readyMeteringInstances int = 0

@description('Most instances that each of the app\'s scale groups grows to.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@description('Memory of an instance, MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemory int = 2048

@description('Calls that an instance takes at once before another is started. Calls mostly wait for providers, so it is far above the platform\'s default of 16 for 2048 MB.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 200

@description('Spread always-ready and other instances over availability zones, where the region has them.')
param zoneRedundant bool = false

@description('How instances are replaced when code or settings change: Recreate ends at once what runs, RollingUpdate lets it end (a preview of the platform).')
@allowed([
  'Recreate'
  'RollingUpdate'
])
param updateStrategy string = 'Recreate'

@description('Redundancy of the storage account.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageRedundancy string = 'Standard_ZRS'

@description('Standard has all that Lava needs; Premium is for private networking of the queues and for more than 1,000 operations a second.')
@allowed([
  'Standard'
  'Premium'
])
param serviceBusTier string = 'Standard'

@description('Close storage and vault (and a Premium Service Bus) to the internet and reach them over private endpoints.')
param privateNetwork bool = false

@description('With private networking: the public IP address from which the operator still reaches the vault, for the bootstrap hooks; empty for none.')
param operatorAddress string = ''

@description('Where alerts and the budget\'s notices are sent; empty for nowhere.')
param alertEmail string = ''

@description('SMTP server that merchants\' alerts are mailed by; empty for no mail. Its password is the vault\'s secret mail-password.')
param mailHost string = ''

@description('Port of the SMTP server; 0 for the usual one of its security. Azure lets no app connect to port 25.')
@minValue(0)
@maxValue(65535)
param mailPort int = 0

@description('Sender of the mails, such as alerts@example.com.')
param mailFrom string = ''

@description('User name at the SMTP server; empty where it asks for none.')
param mailUser string = ''

@description('How the connection to the SMTP server is secured.')
@allowed([
  'starttls'
  'tls'
  'none'
])
param mailSecurity string = 'starttls'

@description('Models to deploy in a resource of Azure OpenAI of the app\'s own, each { name, model, version, sku, capacity }; empty for no resource.')
param openAiDeployments array = []

@description('Name of a resource of Azure OpenAI or Microsoft Foundry that is there already, for which the app\'s identity gets its role; empty for none.')
param openAiName string = ''

@description('Resource group of that resource.')
param openAiResourceGroup string = ''

@description('Its deployments, such as gpt-4o-mini=my-deployment,gpt-4.1.')
param openAiModels string = ''

@description('Monthly budget of the resource group in the subscription\'s currency; 0 for none.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the budget, the first of a month. It cannot change later, so the hook before provisioning keeps it in the environment.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Most gigabytes of logs a day; -1 for no bound.')
param logDailyGigabytes int = -1

var token = uniqueString(subscription().id, environmentName, location)
var allTags = union(tags, { 'azd-env-name': environmentName })

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  name: 'identity'
  params: {
    name: 'id-lava-${token}'
    location: location
    tags: allTags
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  name: 'network'
  params: {
    name: 'vnet-lava-${token}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    workspaceName: 'log-lava-${token}'
    insightsName: 'appi-lava-${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    retentionDays: logRetentionDays
    dailyGigabytes: logDailyGigabytes
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    name: 'stlava${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    redundancy: storageRedundancy
    isPublic: !privateNetwork
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  scope: group
  name: 'service-bus'
  params: {
    name: 'sb-lava-${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    tier: serviceBusTier
    isPublic: !(privateNetwork && serviceBusTier == 'Premium')
  }
}

module vault 'modules/key-vault.bicep' = {
  scope: group
  name: 'key-vault'
  params: {
    name: 'kv-lava-${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    operatorId: principalId
    isPublic: !privateNetwork
    operatorAddress: operatorAddress
    workspaceId: monitoring.outputs.workspaceId
  }
}

module blobEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  scope: group
  name: 'endpoint-blob'
  params: {
    name: 'pep-blob-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: storage.outputs.id
    subresource: 'blob'
    zone: 'privatelink.blob.${environment().suffixes.storage}'
  }
}

module tableEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  scope: group
  name: 'endpoint-table'
  params: {
    name: 'pep-table-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: storage.outputs.id
    subresource: 'table'
    zone: 'privatelink.table.${environment().suffixes.storage}'
  }
}

module vaultEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  scope: group
  name: 'endpoint-vault'
  params: {
    name: 'pep-vault-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: vault.outputs.id
    subresource: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
  }
}

// Private endpoints of Service Bus need its Premium tier.
module serviceBusEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork && serviceBusTier == 'Premium') {
  scope: group
  name: 'endpoint-service-bus'
  params: {
    name: 'pep-service-bus-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: serviceBus.outputs.id
    subresource: 'namespace'
    zone: 'privatelink.servicebus.windows.net'
  }
}

module openAi 'modules/openai.bicep' = if (!empty(openAiDeployments)) {
  scope: group
  name: 'openai'
  params: {
    name: 'oai-lava-${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    isPublic: !privateNetwork
    deployments: openAiDeployments
  }
}

module openAiAccess 'modules/openai-access.bicep' = if (!empty(openAiName)) {
  scope: resourceGroup(openAiResourceGroup)
  name: 'openai-access-${token}'
  params: {
    name: openAiName
    principalId: identity.outputs.principalId
  }
}

module openAiEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork && !empty(openAiDeployments)) {
  scope: group
  name: 'endpoint-openai'
  params: {
    name: 'pep-openai-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: !empty(openAiDeployments) ? openAi!.outputs.id : ''
    subresource: 'account'
    zone: 'privatelink.openai.azure.com'
  }
}

// The app's own resource is asked first, the one that was there before when it has no room.
var ownOpenAi = empty(openAiDeployments) ? {} : {
  Lava__AzureOpenAI__Resources__0__Endpoint: openAi!.outputs.endpoint
  Lava__AzureOpenAI__Resources__0__Deployments: openAi!.outputs.deployments
}
var otherOpenAi = empty(openAiName) ? {} : {
  Lava__AzureOpenAI__Resources__1__Endpoint: openAiAccess!.outputs.endpoint
  Lava__AzureOpenAI__Resources__1__Priority: '1'
  Lava__AzureOpenAI__Resources__1__Deployments: openAiModels
}

// Takes outputs of all that it reaches, and so starts when its roles are in place.
module app 'modules/function-app.bicep' = {
  scope: group
  name: 'function-app'
  params: {
    name: 'func-lava-${token}'
    planName: 'plan-lava-${token}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobEndpoint: storage.outputs.blobEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    deploymentContainer: storage.outputs.deploymentContainer
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    vaultUri: vault.outputs.uri
    insightsConnection: monitoring.outputs.insightsConnection
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    maximumInstances: maximumInstances
    readyInstances: readyInstances
    readyMeteringInstances: readyMeteringInstances
    instanceMemory: instanceMemory
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    updateStrategy: updateStrategy
    mailHost: mailHost
    mailPort: mailPort
    mailFrom: mailFrom
    mailUser: mailUser
    mailSecurity: mailSecurity
    moreSettings: union(ownOpenAi, otherOpenAi, appSettings)
  }
  // In a private network it finds nothing before these are there.
  dependsOn: [
    blobEndpoint
    tableEndpoint
    vaultEndpoint
    serviceBusEndpoint
    openAiEndpoint
  ]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    token: token
    location: location
    tags: allTags
    email: alertEmail
    serviceBusId: serviceBus.outputs.id
    storageId: storage.outputs.id
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  name: 'budget'
  params: {
    name: 'budget-lava-${token}'
    amount: monthlyBudget
    start: budgetStart
    actionGroupId: alerts.outputs.actionGroupId
  }
}

@description('The address that clients call, without a slash at its end.')
output LAVA_BASE_URL string = 'https://${app.outputs.hostName}'
@description('With private networking: the address from which providers and merchants see calls come; empty without.')
output LAVA_OUTGOING_ADDRESS string = privateNetwork ? network!.outputs.outgoingAddress : ''
output LAVA_FUNCTION_APP string = app.outputs.name
output LAVA_KEY_VAULT string = vault.outputs.name
output LAVA_RESOURCE_GROUP string = group.name
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
