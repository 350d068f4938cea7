package io.postwatch.controller.web;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.webmvc.api.OpenApiResource;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Decides before anything of a request is read whether it may be made. It asks the method that would serve the request,
 * never the path, which can be spelled in many ways; a method that says nothing serves nobody.
 */
@Component
class AccessInterceptor implements HandlerInterceptor {
    static final String TENANT_HEADER = "Postwatch-Tenant";
    static final String CSRF_HEADER = "Postwatch-Csrf-Token";
    static final String CALLER = AccessInterceptor.class.getName() + ".caller";
    static final String MEMBER = AccessInterceptor.class.getName() + ".member";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> SAME_SITE = Set.of("same-origin", "none");

    private final Callers callers;

    AccessInterceptor(Callers callers) {
        this.callers = callers;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() != DispatcherType.REQUEST || !(handler instanceof HandlerMethod method)) {
            return true;
        }
        refuseUnstorableParameters(request);
        boolean changing = !READING.contains(request.getMethod());
        if (changing) {
            refuseOtherSites(request);
        }
        // The contract is read before anybody signs in; the library that serves it knows no annotations of ours.
        boolean contract = OpenApiResource.class.isAssignableFrom(method.getBeanType());
        if (contract || method.hasMethodAnnotation(ForAnybody.class)) {
            return true;
        }
        ForMembers members = method.getMethodAnnotation(ForMembers.class);
        if (members == null && !method.hasMethodAnnotation(ForSignedIn.class)) {
            throw new IllegalStateException(method + " does not say who may call it");
        }
        boolean activity = !method.hasMethodAnnotation(NoActivity.class);
        Caller caller = callers.find(request, activity)
                .orElseThrow(
                        () -> ProblemException.of(ProblemCode.NOT_SIGNED_IN, "There is no session, or it has ended."));
        if (changing) {
            checkCsrfToken(request, caller);
        }
        request.setAttribute(CALLER, caller);
        if (members != null) {
            request.setAttribute(MEMBER, member(request, caller, members.value()));
        }
        return true;
    }

    private static void refuseOtherSites(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !SAME_SITE.contains(site)) {
            throw ProblemException.of(ProblemCode.CROSS_SITE_REQUEST, "Other sites can't change anything here.");
        }
    }

    private static void refuseUnstorableParameters(HttpServletRequest request) {
        request.getParameterMap().forEach((name, values) -> {
            if (Arrays.stream(values).anyMatch(value -> value.indexOf('\0') >= 0)) {
                throw ProblemException.invalidParameter(name, "invalid", "The parameter " + name + " is not valid");
            }
        });
    }

    private static void checkCsrfToken(HttpServletRequest request, Caller caller) {
        String token = request.getHeader(CSRF_HEADER);
        if (token == null
                || !MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8),
                        caller.csrfToken().getBytes(StandardCharsets.UTF_8))) {
            throw ProblemException.of(
                    ProblemCode.CSRF_TOKEN_INVALID, "Send the session's csrfToken in the header " + CSRF_HEADER + ".");
        }
    }

    private ActingMember member(HttpServletRequest request, Caller caller, Permission permission) {
        TenantId tenant = tenant(request);
        Role role = callers.role(tenant, caller.user()).orElseThrow(ProblemException::notFound);
        if (!permission.isGiven(role)) {
            throw ProblemException.of(ProblemCode.PERMISSION_DENIED, permission.whomToAsk(role));
        }
        return new ActingMember(tenant, caller.user(), role, caller.email(), request.getRemoteAddr());
    }

    /** Event streams can't send headers. */
    private static TenantId tenant(HttpServletRequest request) {
        @Nullable String header = request.getHeader(TENANT_HEADER);
        @Nullable String text = header == null ? request.getParameter("tenant") : header;
        if (text == null) {
            throw ProblemException.invalidParameter(
                    TENANT_HEADER, "required", "The header " + TENANT_HEADER + " is missing");
        }
        try {
            return TenantId.of(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidParameter(
                    TENANT_HEADER, "invalid", "The header " + TENANT_HEADER + " is a tenant's id");
        }
    }
}
