// What an operator is told of; docs/operations.md says for each what to do.
param token string
param location string
param tags object
param email string
param serviceBusId string
param storageId string
param workspaceId string

var actions = [
  {
    actionGroupId: group.id
  }
]

// Over the logs. Each finds rows where something is wrong; any row is an alert.
var queries = [
  {
    name: 'server-errors'
    description: 'More than one call in twenty has ended with a 5xx.'
    severity: 2
    window: 'PT15M'
    query: 'AppRequests | where isnotempty(Url) | summarize Calls = count(), Failed = countif(toint(ResultCode) >= 500) | where Calls >= 20 and Failed * 20 > Calls'
  }
  {
    name: 'ledger-audit'
    description: 'The audit of the ledger found a fault, or did not come to its end.'
    severity: 0
    window: 'PT1H'
    // Of runs alone: they are never sampled, and an audit that finds a fault fails.
    query: 'AppRequests | where OperationName == "audit-ledger" and Success == false'
  }
  {
    name: 'jobs-failing'
    description: 'A timer\'s or a queue\'s function fails again and again.'
    severity: 2
    window: 'PT15M'
    query: 'AppRequests | where isempty(Url) and Success == false | summarize Failures = count() by OperationName | where Failures >= 5'
  }
  {
    name: 'metering-late'
    description: 'Calls are metered more than a quarter of an hour after their end, or their usage could not be kept.'
    severity: 1
    window: 'PT30M'
    query: 'AppMetrics | where (Name == "lava.queue.backlog.age" and Max > 900) or (Name == "lava.settlement.failures" and Sum > 0)'
  }
  {
    name: 'usage-doubtful'
    description: 'A provider reported no usage, none that can be read, or more than a call can have used: what was charged is an estimate or a bound. See GET /v1/admin/disputes.'
    severity: 2
    window: 'PT1H'
    query: 'AppMetrics | where Name == "lava.usage.flags" and tostring(Properties["lava.usage.flag"]) in ("unreported", "unreadable", "impossible") and Sum > 0'
  }
  {
    name: 'timers-silent'
    description: 'A job that runs every minute has not run for half an hour.'
    severity: 1
    window: 'PT30M'
    query: 'AppRequests | where Success == true | summarize Ran = make_set(OperationName) | where not(set_has_element(Ran, "roll-billing-cycles") and set_has_element(Ran, "sweep-pending-requests"))'
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-lava-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'lava'
    enabled: true
    emailReceivers: empty(email) ? [] : [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-dead-letters-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'A queue has dead letters: work that was given up.'
    severity: 1
    enabled: true
    scopes: [
      serviceBusId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-letters'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
        }
      ]
    }
    actions: actions
  }
}

// Service Bus has no metric of a message's age: a queue that never falls to a hundred messages in half an hour is behind.
resource backlog 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-backlog-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'A queue has not been worked off for half an hour: charges, webhooks or payments are late.'
    severity: 2
    enabled: true
    scopes: [
      serviceBusId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'backlog'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'ActiveMessages'
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: 100
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
        }
      ]
    }
    actions: actions
  }
}

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-storage-throttling-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The storage account turns work away: a partition or the account is past its target.'
    severity: 2
    enabled: true
    scopes: [
      storageId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'throttling'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Transactions'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 100
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ServerBusyError'
                'ClientThrottlingError'
                'SuccessWithThrottling'
              ]
            }
          ]
        }
      ]
    }
    actions: actions
  }
}

resource logs 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [for item in queries: {
  name: 'alert-${item.name}-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Lava: ${item.name}'
    description: item.description
    severity: item.severity
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT15M'
    windowSize: item.window
    // The tables exist only once the app has written to them.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: item.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: [
        group.id
      ]
    }
  }
}]

output actionGroupId string = group.id
