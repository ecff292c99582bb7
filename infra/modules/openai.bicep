// Azure OpenAI: a resource of the app's own with deployments of models, which only identities may use.
param name string
param location string
param tags object
param principalId string
param isPublic bool
@description('Deployments: name, model, version, sku (GlobalStandard, DataZoneStandard, Standard, GlobalProvisionedManaged …), capacity.')
param deployments array

resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
  }
}

// One after the other: the resource takes no second change while one is under way.
@batchSize(1)
resource deployment 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = [for item in deployments: {
  parent: account
  name: item.name
  sku: {
    name: item.sku
    capacity: item.capacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: item.model
      version: item.version
    }
    // What is priced stays what is served.
    versionUpgradeOption: 'NoAutoUpgrade'
  }
}]

module access 'openai-access.bicep' = {
  name: 'openai-access'
  params: {
    name: account.name
    principalId: principalId
  }
}

output id string = account.id
output endpoint string = access.outputs.endpoint
// As Lava__AzureOpenAI__Resources__0__Deployments takes them.
output deployments string = join(map(deployments, item => '${item.model}=${item.name}'), ',')
