// A private endpoint of one resource, with the DNS zone in which the network finds it.
param name string
param location string
param tags object
param networkId string
param subnetId string
param targetId string

@description('The part of the resource: blob, table, vault, namespace.')
param subresource string
param zone string

resource dns 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: zone
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = {
  parent: dns
  name: 'lava'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: subresource
        properties: {
          privateLinkServiceId: targetId
          groupIds: [
            subresource
          ]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: subresource
        properties: {
          privateDnsZoneId: dns.id
        }
      }
    ]
  }
}
