using System.Globalization;
using System.Text.RegularExpressions;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lava.Service.OpenApi;

/// <summary>Completes each operation: its name, parameters, credential and refusals.</summary>
internal sealed partial class OperationDetails : IOpenApiOperationTransformer
{
    private static readonly (int Status, string Description)[] Refusals =
    [
        (400, "The request is invalid; issues lists each invalid member."),
        (401, "The credential is missing, unknown or revoked."),
        (403, "The credential lacks the scope that this needs."),
        (404, "The object does not exist."),
        (429, "Too many requests; Retry-After tells how long to wait."),
    ];

    /// <inheritdoc/>
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Operation>().LastOrDefault() is not { } known) return;
        var method = context.Description.HttpMethod!;
        operation.OperationId = known.Tag == Operation.GatewayTag
            ? known.Id + CultureInfo.InvariantCulture.TextInfo.ToTitleCase(method.ToLowerInvariant())
            : known.Id;
        operation.Parameters ??= [];
        foreach (Match match in PathParameter().Matches(context.Description.RelativePath!))
            operation.Parameters.Add(Parameter(match.Groups[1].Value, ParameterLocation.Path, true));
        foreach (var name in known.Query) operation.Parameters.Add(Parameter(name.TrimEnd('!'), ParameterLocation.Query, name.EndsWith('!')));
        if (method == "POST" && known.Tag != Operation.GatewayTag) operation.Parameters.Add(Parameter("Idempotency-Key", ParameterLocation.Header, false));
        if (known.Body is not null)
        {
            // Described here and not by metadata of the endpoint, which would turn away bodies of another content type: curl names none of JSON's.
            context.Document!.AddComponent(known.Body.Name, await context.GetOrCreateSchemaAsync(known.Body, null, cancellationToken));
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = new OpenApiSchemaReference(known.Body.Name, context.Document) },
                },
            };
        }

        if (known.Needs(method) is { Count: > 0 } needs)
            operation.Description = $"A key with scopes needs {string.Join(" and ", needs.Select(scope => $"`{scope}`"))}.";
        if (!known.IsPublic) operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("Auth", context.Document)] = [] }];

        context.Document!.AddComponent("Error", await context.GetOrCreateSchemaAsync(typeof(ErrorBody), null, cancellationToken));
        operation.Responses ??= [];
        foreach (var (status, description) in Refusals)
        {
            if (known.IsPublic && status is 401 or 403 or 429) continue;
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] =
                new OpenApiResponse
                {
                    Description = description,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Error", context.Document) },
                    },
                };
        }
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation location, bool isRequired) => new()
    {
        Name = name,
        In = location,
        Required = isRequired,
        Schema = new OpenApiSchema
        {
            Type = name == "limit" ? JsonSchemaType.Integer : JsonSchemaType.String,
            Minimum = name == "limit" ? "1" : null,
            Maximum = name == "limit" ? "100" : null,
        },
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
