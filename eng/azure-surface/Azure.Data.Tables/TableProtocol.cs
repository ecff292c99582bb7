using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>The pipeline to one account's Table service.</summary>
internal sealed class TableProtocol(Uri endpoint, TableClientOptions options, HttpPipelinePolicy authentication)
{
    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(
        new HttpPipelineOptions(options) { PerRetryPolicies = { authentication }, RequestFailedDetailsParser = new TableErrorParser() });

    /// <summary>The account's address, without a slash at its end.</summary>
    public string Endpoint { get; } = endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>A request of the version whose wire shapes are used here.</summary>
    public HttpMessage Create(RequestMethod method, string pathAndQuery)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(Endpoint + pathAndQuery));
        message.Request.Headers.SetValue("x-ms-version", "2019-02-02");
        message.Request.Headers.SetValue("DataServiceVersion", "3.0");
        message.Request.Headers.SetValue("Accept", "application/json;odata=minimalmetadata");
        return message;
    }

    public async ValueTask<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response;
    }
}
