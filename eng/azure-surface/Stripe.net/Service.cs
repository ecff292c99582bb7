using System.Net;

namespace Stripe;

public abstract class Service
{
    private readonly ApiRequestor _requestor;

    private protected Service(ApiRequestor requestor) => _requestor = requestor;

    private protected ApiRequestor Requestor => _requestor;

    private protected Task<T> GetAsync<T>(string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken) =>
        _requestor.RequestAsync<T>(HttpMethod.Get, path, options, requestOptions, cancellationToken);

    private protected Task<T> PostAsync<T>(string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken) =>
        _requestor.RequestAsync<T>(HttpMethod.Post, path, options, requestOptions, cancellationToken);

    private protected static string Path(string id) => WebUtility.UrlEncode(id);
}
