// The queues. Standard is the least tier with sessions and duplicate detection.
param name string
param location string
param tags object
param principalId string
param tier string
param isPublic bool

// What the queues have in common: sessions keep the work of one account in order; duplicate detection spares work, but nothing rests on it.
// A message that failed ten times, or was left for fourteen days, is a dead letter.
var queues = [
  {
    // A session is a merchant's mode.
    name: 'usage-records'
    megabytes: 5120
  }
  {
    // A session is a customer. Duplicate detection makes one message of all that happens to a customer within a second.
    name: 'billing'
    megabytes: 1024
  }
  {
    // A session is a payment.
    name: 'wallet-funding'
    megabytes: 1024
  }
  {
    // A session is a payment.
    name: 'payment-events'
    megabytes: 1024
  }
  {
    // A session is a delivery.
    name: 'webhook-deliveries'
    megabytes: 1024
  }
]

// The owner's role, not the sender's and the receiver's: the platform scales by a queue's length, which it may read only with Manage
// (Microsoft Learn, "Target-based scaling", Service Bus).
var roles = {
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: union({
    name: tier
    tier: tier
  }, tier == 'Premium' ? { capacity: 1 } : {})
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for item in queues: {
  parent: namespace
  name: item.name
  properties: {
    requiresSession: true
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    lockDuration: 'PT5M'
    maxDeliveryCount: 10
    maxSizeInMegabytes: item.megabytes
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
}]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in items(roles): {
  scope: namespace
  name: guid(namespace.id, principalId, role.value)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
  }
}]

output id string = namespace.id
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
