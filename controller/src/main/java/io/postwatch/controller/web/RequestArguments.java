package io.postwatch.controller.web;

import io.postwatch.controller.scope.ActingMember;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Who asks and for which part of a list, as arguments of controller methods. */
final class RequestArguments implements HandlerMethodArgumentResolver {
    private static final Set<Class<?>> TYPES = Set.of(ActingMember.class, Caller.class, Paging.class);

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return TYPES.contains(parameter.getParameterType());
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
        if (http == null) {
            throw new IllegalStateException("Not an HTTP request");
        }
        if (parameter.getParameterType() == Paging.class) {
            return paging(http);
        }
        Object found = http.getAttribute(
                parameter.getParameterType() == Caller.class ? AccessInterceptor.CALLER : AccessInterceptor.MEMBER);
        if (found == null) {
            throw new IllegalStateException(parameter + " needs @ForMembers or @ForSignedIn on its method");
        }
        return found;
    }

    private static Paging paging(HttpServletRequest request) {
        String cursor = request.getParameter("cursor");
        String limit = request.getParameter("limit");
        return new Paging(
                cursor == null || cursor.isEmpty() ? null : Cursor.decode(cursor),
                limit == null || limit.isEmpty() ? Paging.DEFAULT_LIMIT : number(limit));
    }

    /** Out of range where it is no number: {@link Paging} refuses both alike. */
    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
