// The app, on Flex Consumption: scales with calls and with the length of queues, and keeps some instances ready.
param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string
param blobEndpoint string
param tableEndpoint string
param deploymentContainer string
param serviceBusNamespace string
param vaultUri string
param insightsConnection string
param subnetId string
param maximumInstances int
param readyInstances int
param readyMeteringInstances int
param instanceMemory int
param httpConcurrency int
param zoneRedundant bool
param updateStrategy string
param mailHost string
param mailPort int
param mailFrom string
param mailUser string
param mailSecurity string
param moreSettings object

// What the code reads; tests/infra compares. Only addresses and names: there is no secret among them.
var settings = {
  AzureWebJobsStorage__blobServiceUri: blobEndpoint
  AzureWebJobsStorage__tableServiceUri: tableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  ServiceBus__fullyQualifiedNamespace: serviceBusNamespace
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
  KeyVault__Uri: vaultUri
  // The identity that the app's own clients take (Azure.Identity reads it).
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // The platform's own page at / is not ours to show.
  AzureWebJobsDisableHomepage: 'true'
  // About half of the 230 seconds after which the platform ends an idle connection.
  Lava__Gateway__KeepAliveSeconds: '120'
  // Without a host no mail is sent. The password is in the vault.
  Lava__Mail__Host: mailHost
  Lava__Mail__Port: string(mailPort)
  Lava__Mail__From: mailFrom
  Lava__Mail__User: mailUser
  Lava__Mail__PasswordSecret: 'mail-password'
  Lava__Mail__Security: mailSecurity
}

var readyForCalls = readyInstances > 0 ? [
  {
    name: 'http'
    instanceCount: readyInstances
  }
] : []

var readyForMetering = readyMeteringInstances > 0 ? [
  {
    name: 'function:meter-usage'
    instanceCount: readyMeteringInstances
  }
] : []

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  // azd finds by this tag where the service of azure.yaml goes.
  tags: union(tags, { 'azd-service-name': 'lava' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      // The compiler's types do not have it yet (Microsoft Learn, "Site update strategies in Flex Consumption").
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: updateStrategy
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: concat(readyForCalls, readyForMetering)
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      appSettings: [for setting in items(union(moreSettings, settings)): {
        name: setting.key
        value: setting.value
      }]
    }
  }
}

// Deployments authenticate with Entra ID; the passwords of FTP and SCM are off.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output name string = app.name
output hostName string = app.properties.defaultHostName
