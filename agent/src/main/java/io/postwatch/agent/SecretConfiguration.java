package io.postwatch.agent;

import io.postwatch.agent.localsecret.LocalSecret;
import io.postwatch.agent.localsecret.LocalSecretName;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.localsecret.SecretSource;
import io.postwatch.agent.probe.address.MailHost;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The secrets of this host that monitors may log in with: {@code secrets.NAME} says where one is, {@code
 * secrets.NAME.hosts} for which mail servers it is.
 */
final class SecretConfiguration {

    private static final String PREFIX = "secrets.";
    private static final String HOSTS = ".hosts";

    private SecretConfiguration() {}

    static Map<LocalSecretName, LocalSecret> read(ConfigurationFile file, ProbeConfiguration.Reach reach)
            throws ConfigurationException {
        Map<LocalSecretName, LocalSecret> secrets = new TreeMap<>();
        for (String key : file.keysUnder(PREFIX)) {
            boolean isList = key.endsWith(HOSTS) && key.length() > PREFIX.length() + HOSTS.length();
            String of = isList ? key.substring(0, key.length() - HOSTS.length()) : key;
            LocalSecretName name = name(of);
            SecretSource source = file.value(of, SecretSource::parse)
                    .orElseThrow(() -> new ConfigurationException("\"" + of + "\" must say where the secret is:"
                            + " write env:VARIABLE, file:/path or command:/program argument …."));
            secrets.put(name, new LocalSecret(source, hosts(file, of + HOSTS)));
        }
        if (secrets.size() > LocalSecrets.MAX_SECRETS) {
            throw new ConfigurationException("There are " + secrets.size() + " secrets in the configuration file,"
                    + " and an agent offers at most " + LocalSecrets.MAX_SECRETS + ".");
        }
        if (!secrets.isEmpty() && reach == ProbeConfiguration.Reach.PUBLIC) {
            throw new ConfigurationException("\"secrets.…\" has no place beside \"addresses.policy = public\":"
                    + " a public agent works for everybody, and would log in for everybody.");
        }
        return Map.copyOf(secrets);
    }

    /** A list that is there and empty would let the secret be used for every server: it says nothing, and is refused. */
    private static Set<MailHost> hosts(ConfigurationFile file, String key) throws ConfigurationException {
        Set<MailHost> hosts = Set.copyOf(file.list(key, MailHost::new));
        if (hosts.isEmpty() && file.has(key)) {
            throw new ConfigurationException(
                    "\"" + key + "\" names no server: name at least one, or leave it out for all.");
        }
        return hosts;
    }

    private static LocalSecretName name(String key) throws ConfigurationException {
        try {
            return new LocalSecretName(key.substring(PREFIX.length()));
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException(
                    "\"" + key + "\" in the configuration file is not right: " + malformed.getMessage() + ".",
                    malformed);
        }
    }
}
