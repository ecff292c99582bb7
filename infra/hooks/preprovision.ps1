# A budget's first day cannot change once it is there, so it is chosen once and kept with the environment.
$ErrorActionPreference = 'Stop'
if (-not $env:LAVA_BUDGET_START) { azd env set LAVA_BUDGET_START ([DateTime]::UtcNow.ToString('yyyy-MM-01')) }
