namespace Lava.Core.Translation.Responses;

/// <summary>A reference of a request to an earlier response.</summary>
/// <param name="Answer">The kept answer's id, without prefix.</param>
/// <param name="Id">The id as the request has it.</param>
/// <param name="Field">The member that has it.</param>
public readonly record struct ResponsesReference(string Answer, string Id, string Field)
{
    /// <summary>Whether it refers to the conversation up to the response's end, and not to one item.</summary>
    public bool IsConversation => Field == "previous_response_id";
}
