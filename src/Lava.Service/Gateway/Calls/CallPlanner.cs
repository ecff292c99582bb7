using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Calls;

/// <summary>Lets a call in and says where it goes, or why not; neither where it has answered itself.</summary>
/// <param name="http">The request.</param>
/// <param name="start">When it came in.</param>
internal delegate ValueTask<(CallPlan? Plan, ApiError? Error)> CallPlanner(HttpContext http, CallStart start);
