package io.postwatch.controller;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of the whole controller over HTTP on a free port of loopback. All such tests of this JVM share one controller
 * and one database, so each works in tenants of its own: autowire {@link io.postwatch.controller.identity.TestPeople}
 * and begin with {@code people.member(Role.OWNER)}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = ControllerTestSettings.class)
@Import(io.postwatch.controller.identity.TestPeople.class)
public @interface ControllerTest {}
