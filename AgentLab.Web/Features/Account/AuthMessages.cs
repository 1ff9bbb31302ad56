namespace AgentLab.Web.Features.Account;

/// <summary>A name and a password.</summary>
/// <param name="Email">The e-mail address or user name, in any case.</param>
/// <param name="Password">The password.</param>
internal sealed record LoginRequest(string? Email, string? Password);

/// <summary>A refresh token to exchange.</summary>
/// <param name="RefreshToken">The token of the last answer.</param>
internal sealed record RefreshRequest(string? RefreshToken);

/// <summary>A change of the own password.</summary>
/// <param name="CurrentPassword">The present one.</param>
/// <param name="NewPassword">At least 12 characters with upper and lower case, a digit and a sign.</param>
internal sealed record ChangePasswordRequest(string? CurrentPassword, string? NewPassword);

/// <summary>A pair of tokens.</summary>
/// <param name="AccessToken">For <c>Authorization: Bearer</c>; opaque.</param>
/// <param name="RefreshToken">Good for one exchange at <c>/api/v1/auth/refresh</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
/// <param name="TokenType">Always Bearer.</param>
internal sealed record TokenAnswer(string AccessToken, string RefreshToken, int ExpiresIn, string TokenType);

/// <summary>Who is signed in.</summary>
/// <param name="Id">The person.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="Role">admin, editor or viewer.</param>
/// <param name="SignInSession">The sign-in session of this request.</param>
internal sealed record MeAnswer(Guid Id, string UserName, string Email, string Role, Guid SignInSession);

/// <summary>Sign-in sessions.</summary>
/// <param name="Items">Newest first, at most 100.</param>
internal sealed record SignInSessionsAnswer(IReadOnlyList<SignInSessionAnswer> Items);

/// <summary>A live sign-in session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">cookie or bearer.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="LastSeenAt">When it was last used, exact to some minutes.</param>
/// <param name="Address">The address it began from.</param>
/// <param name="UserAgent">What the browser or program called itself.</param>
/// <param name="Current">Whether it is the one of this request.</param>
internal sealed record SignInSessionAnswer(
    Guid Id, string Kind, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, string? UserAgent, bool Current);
