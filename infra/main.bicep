// Lava on Azure: one function app and what it needs. No secrets: the app reaches everything with its own identity.
//   az deployment group create --resource-group <group> --template-file infra/main.bicep --parameters name=<name>
targetScope = 'resourceGroup'

@description('Name of the deployment, from which the resources take theirs: lower-case letters and digits.')
@minLength(3)
@maxLength(12)
param name string

@description('Where everything is; Flex Consumption must be offered there.')
param location string = resourceGroup().location

@description('Most instances that the app scales to.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@description('Instances that are kept ready, so that the first call of a quiet hour does not wait for a start.')
@minValue(0)
param readyInstances int = 1

var suffix = uniqueString(resourceGroup().id, name)

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: '${name}-${suffix}'
    location: location
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: take('${name}${suffix}', 24)
    location: location
    principalId: identity.outputs.principalId
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  params: {
    name: '${name}-${suffix}'
    location: location
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  params: {
    name: take('${name}-${suffix}', 24)
    location: location
    principalId: identity.outputs.principalId
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: '${name}-${suffix}'
    location: location
    principalId: identity.outputs.principalId
  }
}

module app 'modules/function-app.bicep' = {
  name: 'function-app'
  params: {
    name: '${name}-${suffix}'
    location: location
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    vaultUri: vault.outputs.uri
    insightsConnection: monitoring.outputs.connectionString
    maximumInstances: maximumInstances
    readyInstances: readyInstances
  }
}

output baseUrl string = 'https://${app.outputs.hostName}'
output functionApp string = app.outputs.name
