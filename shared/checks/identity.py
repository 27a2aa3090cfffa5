"""Whether the OpenID Connect provider (统一身份认证) can be reached, and publishes keys that can be used."""

from __future__ import annotations

from collections.abc import Iterator

from shared.access.identity import provider_of
from shared.access.oidc import ProviderAway
from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.checks.settings import Installation


def identity_provider(installation: Installation) -> Iterator[Finding]:
    """Each provider that the settings name answers over https."""
    providers = {provider_of(service.settings) for service in installation.services} - {None}
    for provider in sorted(filter(None, providers), key=lambda each: each.issuer):
        try:
            keys = provider.keys()
        except ProviderAway as away:
            yield wrong(
                f"统一身份认证 {provider.issuer} 不能使用",
                f"the identity provider {provider.issuer} cannot be used",
                Mend(
                    "检查 JIUSHU_OIDC_ISSUER、JIUSHU_OIDC_JWKS_URI 和网络",
                    "look at JIUSHU_OIDC_ISSUER, JIUSHU_OIDC_JWKS_URI and the network",
                    f"curl -i {provider.issuer.rstrip('/')}/.well-known/openid-configuration",
                ),
                str(away),
            )
            continue
        yield fine(
            f"统一身份认证 {provider.issuer}：{len(keys)} 个密钥",
            f"identity provider: {len(keys)} keys",
        )
        if not provider.issuer.startswith("https://"):
            yield warning(
                f"统一身份认证 {provider.issuer} 没有使用 https，密钥可在途中被替换",
                "the identity provider is asked without https: its keys could be replaced on their way",
                Mend(
                    "在 JIUSHU_OIDC_ISSUER 中使用 https 地址", "use its https address in JIUSHU_OIDC_ISSUER"
                ),
            )
