package io.postwatch.controller.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Members of the tenant that the request names may call it, if their role has the permission. Every method of every
 * REST controller has this annotation, {@link ForSignedIn} or {@link ForAnybody}; a test proves it.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ForMembers {
    Permission value();
}
