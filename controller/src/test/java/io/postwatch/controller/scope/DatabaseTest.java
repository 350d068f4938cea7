package io.postwatch.controller.scope;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test on a real, migrated database of its own, without Spring's container: its methods and constructor may take a
 * {@link ScopedDatabase}, which has the transactions and the JDBC client. Never skipped: where there is no Docker
 * engine, the embedded PostgreSQL serves.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(DatabaseTestExtension.class)
public @interface DatabaseTest {}
