// Logs and metrics. Lava writes no bodies and no credentials into them.
param workspaceName string
param insightsName string
param location string
param tags object
param principalId string
param retentionDays int
param dailyGigabytes int

var roles = {
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    retentionInDays: retentionDays
    sku: {
      name: 'PerGB2018'
    }
    workspaceCapping: {
      dailyQuotaGb: dailyGigabytes
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    // Telemetry is taken from the app's identity alone; the connection string names the resource and opens nothing.
    DisableLocalAuth: true
    WorkspaceResourceId: workspace.id
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in items(roles): {
  scope: insights
  name: guid(insights.id, principalId, role.value)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
  }
}]

output workspaceId string = workspace.id
output insightsConnection string = insights.properties.ConnectionString
