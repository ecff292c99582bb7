namespace Azure.Data.Tables;

public class TableTransactionFailedException(RequestFailedException requestFailedException)
    : RequestFailedException(requestFailedException.Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException)
{
    /// <summary>The service writes the failing action's index before its message, as <c>3:The specified entity already exists.</c></summary>
    public int? FailedTransactionActionIndex { get; } =
        requestFailedException.Message.Split(':', 2) is [var index, _] && int.TryParse(index, out var value) ? value : null;
}
