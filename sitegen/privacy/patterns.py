"""The patterns of secrets, as one table: a name, markers for a fast check, and a regular expression.

Names are those of gitleaks' rules (https://github.com/gitleaks/gitleaks, config/gitleaks.toml) where gitleaks has such
a rule. Formats come from the vendors' documentation. Every pattern takes linear time.
"""

import re
from functools import lru_cache
from typing import NamedTuple


class Pattern(NamedTuple):
    """One kind of secret. `expression` is searched where a text in lower case holds one of the `markers`.

    The secret is group 1 of a match, or all of it where the expression has no group. It is compiled when it is needed:
    the compilation of all takes longer than the rest of a build without changes, and most are never searched.
    """

    name: str
    markers: tuple[str, ...]
    source: str

    @property
    def expression(self) -> re.Pattern[str]:
        """The compiled expression."""
        return _compile(self.source)


_compile = lru_cache(maxsize=None)(re.compile)


_B = r"(?<![A-Za-z0-9])"  # the beginning of a token; `\b` would not see one behind an underscore
_E = r"(?![A-Za-z0-9])"
_V = r"[^\s\"'`<>&,;(){}\[\]\\]"  # a letter of a value that ends at a quote, a bracket or a space
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

_KEY_BLOCK = (
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END[A-Z0-9 -]*-----)?"
)
_PUTTY = r"(?m)Private-Lines: \d+\s{1,4}((?:[A-Za-z0-9+/=]{20,64}\s{0,2})+)"
# A run of letters and digits mixed tells a key from names such as sk-learn-random-forest and sk-toggleable__label.
_SK_KEY = (
    rf"{_B}c?sk-(?:[A-Za-z0-9]{{1,40}}[_-]{{1,2}}){{0,20}}?(?=[A-Za-z0-9]{{12}})"
    r"[A-Za-z]{0,40}[0-9]{1,40}[A-Za-z][A-Za-z0-9_-]*"
)
_BASIC = (
    r"(?<![A-Za-z])(?:[Bb]asic|BASIC)[ \t]{1,4}(?=[A-Za-z+/_-]{0,400}[0-9=])"
    r"([A-Za-z0-9+/_-]{8,}={0,2})(?![A-Za-z0-9+/=_-])"
)
_AUTHORIZATION = (
    r"(?i)authorization[\"']?[ \t]*[:=][ \t]*[\"']?(?:(?:basic|bearer|token|apikey|key|negotiate|sswp|ssws)[ \t]+)"
    rf"({_V}{{3,}})"
)
_URL_LOGIN = r"://([^/\s:@\"'<>?#]*:[^/\s@\"'<>]+)@"  # half of a login helps to guess the rest
_BUCKET_LOGIN = (
    r"(?i)(?<![a-z])(?:s3[an]?|gcs|gs|oss|cosn?|minio|r2|b2)://([^/\s:@\"'<>?#]+:(?!\d{1,5}/)[^\s@\"'<>?#]+)@"
)
_USER_URL = r"://(?:(?<=http://)|(?<=https://))(?!git@)([^/\s:@\"'<>?#\[\]]{3,})@"
_QUERY = (
    r"(?i)[?&](?:x-(?:amz|goog|oss|cos)-(?:signature|credential|security-token)|signature|sig|access_?token|auth_?token|"
    r"id_?token|refresh_?token|token|api[_-]?key|client_?secret|secret|password|passwd|pwd|awsaccesskeyid|"
    r"googleaccessid|ossaccesskeyid|key-pair-id|policy|sas|jwt|session_?id|private_?token|x-api-key)"
    r"=(?!\[)([^&\s\"'<>#;\\]{2,})"
)
_QUERY_KEY = r"(?i)[?&](?:key|code|auth|st|subscription-key|appid)=([A-Za-z0-9%+/_=.~-]{16,})"
_CONNECTION = r"(?i)[;?&][ ]?(?:password|pwd|passwd)=(?!\[redacted\])([^;&\s\"']+)"
_ORACLE = r"(?i)jdbc:oracle:(?:thin|oci8?):[^/\s@]{1,60}/([^@\s\"']+)@"
_NETRC = (
    r"(?im)(?:\b(?:machine[ \t]+\S{1,200}|default)(?:\s+(?:login|account)\s+\S{1,200}){1,2}\s+password\s+"
    r"|^[ \t]*login[ \t]+\S{1,200}[ \t]+password[ \t]+(?=\S*\d\S*[ \t]*$))(\S+)"
)
_PGPASS = r"(?<![\w.*-])[\w.*-]{1,100}:(?:5432|5433|6432|\*):[\w.*-]{1,80}:[\w.*@-]{1,80}:([^\s<>()\"'\[]+)"
_CURL = (
    r"\b(?:curl|wget|http|https|httpie)\b[^\n|]{0,300}?[ \t](?:-u|--user|-U|--proxy-user|-a|--auth)[ =]?[\"']?"
    r"[^\s:\"']{1,100}:([^\s\"']+)"
)
_SHORT_FLAG = (
    r"\b(?:sshpass|(?:docker|podman|helm registry|oc|az|nerdctl|crane auth) login|mongo(?:sh|dump|restore)?|ldapsearch|"
    r"redis-cli|unzip|7z|zip|az ad|snowsql|impala-shell|beeline|sqlcmd|bcp|isql|htpasswd|rabbitmqadmin|mosquitto_pub)"
    r"\b[^\n|]{0,200}?[ \t]-(?:p|P|w|a)[ \t]{0,2}[\"']?([^\s\"'-][^\s\"']*)"
)
_MYSQL = r"\bmysql(?:dump|admin|import|pump)?\b[^\n|]{0,200}?[ \t]-p(?![ \t])[\"']?([^\s\"']+)"
_OPENSSL = r"(?:-pass(?:in|out|word)?|-storepass|-keypass|--passphrase)[ =](?:pass:)?(?!file:|env:|stdin)([^\s\"']+)"
_COOKIE = r"(?i)(?<![A-Za-z])(?:set-)?cookie2?[\"']?[ \t]*:[ \t]*[\"']?([A-Za-z0-9_.%-]{1,60}=[^\n\"']{6,})"
_SESSION = (
    r"(?i)(?<![A-Za-z])(?:jsessionid|phpsessid|sessionid|session_id|connect\.sid|asp\.net_sessionid|_gitlab_session|"
    rf"laravel_session|csrftoken|xsrf-token)=({_V}{{8,}})"
)
_HASH = r"\$(?:2[abxy]|apr1|argon2(?:id|i|d)|pbkdf2[a-z0-9-]{0,20}|scrypt|[156y])\$[A-Za-z0-9./$,=+_-]{20,}"
_KAGGLE = r"\"username\"\s{0,8}:\s{0,8}\"[^\"\n]{1,80}\"\s{0,8},\s{0,8}\"key\"\s{0,8}:\s{0,8}\"([0-9a-f]{32})\""
_WEBHOOKS = (
    r"(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/\d{5,25}/|"
    r"webhook\.office\.com/webhookb?2/|hooks\.zapier\.com/hooks/catch/|maker\.ifttt\.com/trigger/[\w-]{1,60}/with/key/|"
    r"chat\.googleapis\.com/v1/spaces/[\w-]{1,60}/messages\?key=|open\.(?:feishu|larksuite)\.[a-z]{2,3}/open-apis/bot/v2/hook/|"
    r"oapi\.dingtalk\.com/robot/send\?access_token=)([A-Za-z0-9/_@%.=&-]{16,})"
)

_ROWS = (
    # --- keys, headers, addresses, commands --------------------------------------------------------------------
    ("private-key", "private key", _KEY_BLOCK),
    ("private-key", "private-lines", _PUTTY),
    ("age-secret-key", "age-secret-key", r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Za-z]{50,}"),
    ("jwt", "eyj", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
    ("encoded-json", "eyj", r"(?<![A-Za-z0-9+/_-])eyJ[A-Za-z0-9+/_-]{80,}={0,2}"),
    ("encoded-json", "eyjhcglf|eyjrijoi", r"(?<![A-Za-z0-9+/_-])eyJ(?:hcGlf|rIjoi)[A-Za-z0-9+/_-]{20,}={0,2}"),
    ("basic-auth", "basic ", _BASIC),
    ("authorization-header", "authorization", _AUTHORIZATION),
    ("bearer-token", "earer ", r"[Bb]earer[ ]{1,4}([A-Za-z0-9._~+/=-]{16,})"),
    ("curl-auth-user", "curl|wget|http", _CURL),
    ("password-flag", " -p| -w| -a", _SHORT_FLAG),
    ("password-flag", "mysql", _MYSQL),
    ("password-flag", "-pass|-storepass|-keypass", _OPENSSL),
    ("url-password", "@", _URL_LOGIN),
    ("url-password", "@", _BUCKET_LOGIN),  # keys of object stores may hold slashes
    ("sentry-dsn", "ingest|sentry", r"https?://([0-9a-f]{32})(?::[0-9a-f]{32})?@"),
    ("url-user", "@", _USER_URL),
    ("url-query-secret", "?|&", _QUERY),
    ("url-query-secret", "key=|code=|auth=|st=|appid=", _QUERY_KEY),
    ("connection-string", "password=|pwd=|passwd=", _CONNECTION),
    ("connection-string", "jdbc:oracle", _ORACLE),
    ("connection-string", "accountkey=|sharedaccesskey=", r"(?i)(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/=%]{16,})"),
    ("shared-access-signature", "sig=|signature=", r"(?i)(?:sig|SharedAccessSignature)=([A-Za-z0-9%+/=]{20,})"),
    ("netrc-password", "password", _NETRC),
    ("pgpass-password", ":5432:|:*:|:5433:|:6432:", _PGPASS),
    ("cookie", "cookie", _COOKIE),
    ("cookie", "sessid|session|.sid=|csrf|xsrf", _SESSION),
    ("password-hash", "$2|$apr1$|$argon2|$pbkdf2|$scrypt$|$1$|$5$|$6$|$y$", _HASH),
    ("kaggle-key", "username", _KAGGLE),
    ("kaggle-key", "kgat_", rf"{_B}KGAT_[0-9a-f]{{32}}"),
    ("webhook-url", "hook|maker.ifttt|chat.googleapis|dingtalk", _WEBHOOKS),
    # --- clouds ------------------------------------------------------------------------------------------------
    ("aws-access-token", "akia|asia|abia|acca|a3t", rf"{_B}(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{{16}}{_E}"),
    ("aws-amazon-bedrock-api-key", "absk|bedrock-api-key-", rf"{_B}(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/=]{{30,}}"),
    ("gcp-api-key", "aiza", rf"{_B}AIza[0-9A-Za-z_-]{{35}}"),
    ("gcp-oauth", "ya29.|gocspx-|1//0", rf"{_B}(?:ya29\.|GOCSPX-|1//0)[A-Za-z0-9_-]{{20,}}"),
    ("azure-ad-client-secret", "q~", r"(?<![\w~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![\w~-])"),
    ("alibaba-access-key-id", "ltai", rf"{_B}LTAI[A-Za-z0-9]{{12,26}}{_E}"),
    ("tencent-secret-id", "akid", rf"{_B}AKID(?=[A-Za-z0-9]{{0,40}}[0-9])[A-Za-z0-9]{{13,40}}{_E}"),
    ("yandex-api-key", "aqvn", rf"{_B}AQVN[A-Za-z0-9_-]{{35,38}}"),
    (
        "yandex-access-token",
        "t1.|y0_|yca",
        rf"{_B}(?:t1\.[A-Za-z0-9_-]{{1,100}}={{0,2}}\.[A-Za-z0-9_-]{{40,}}=?|y0_[\w-]{{40,}}|YCA[\w-]{{37}})",
    ),
    ("digitalocean-token", "_v1_", rf"{_B}do[opr]_v1_[a-f0-9]{{40,}}"),
    ("heroku-api-key", "hrku-", rf"{_B}HRKU-[A-Za-z0-9_-]{{30,}}"),
    ("cloudflare-origin-ca-key", "v1.0-", rf"{_B}v1\.0-[a-f0-9]{{24}}-[a-f0-9]{{100,}}"),
    ("cloudflare-api-token", "cfat_|cfut_|cfk_", rf"{_B}cf(?:at|ut|k)_[A-Za-z0-9_-]{{30,}}"),
    ("flyio-access-token", "fo1_|fm1|fm2", rf"{_B}(?:fo1_[\w-]{{40,}}|fm[12][ar]?_[A-Za-z0-9+/=]{{60,}})"),
    ("scalingo-api-token", "tk-us-", rf"{_B}tk-us-[\w-]{{48}}"),
    ("netlify-access-token", "nfp_", rf"{_B}nfp_[A-Za-z0-9]{{30,}}"),
    ("vercel-token", "vercel_|vcp_|vck_", rf"{_B}(?:vercel_blob_rw_|vc[pkiar]_)[A-Za-z0-9_]{{20,}}"),
    ("supabase-key", "sbp_|sb_secret_", rf"{_B}(?:sbp_[a-f0-9]{{40}}|sb_secret_[A-Za-z0-9_-]{{20,}})"),
    ("neon-api-key", "napi_", rf"{_B}napi_[a-z0-9]{{40,}}"),
    ("planetscale-token", "pscale_", rf"{_B}pscale_(?:tkn|pw|oauth)_[\w=.-]{{32,}}"),
    ("clickhouse-cloud-api-secret-key", "4b1d", rf"{_B}4b1d[A-Za-z0-9]{{38}}{_E}"),
    ("openshift-user-token", "sha256~", rf"{_B}sha256~[\w-]{{43}}"),
    # --- code, packages, builds --------------------------------------------------------------------------------
    ("github-pat", "ghp_|gho_|ghu_|ghs_|ghr_", rf"{_B}gh[pousr]_[A-Za-z0-9]{{36,}}"),
    ("github-fine-grained-pat", "github_pat_", rf"{_B}github_pat_[A-Za-z0-9_]{{22,}}"),
    (
        "gitlab-pat",
        "glpat-|gldt-|glrt|glptt-|glcbt-|glsoat-|glft-|glffct-|glimt-|glagent-|gloas-|gr1348941",
        rf"{_B}(?:gl(?:pat|dt|rtr?|ptt|cbt|soat|ft|ffct|imt|agent|oas)-(?:t[123]_)?|GR1348941)[A-Za-z0-9_.-]{{20,}}",
    ),
    ("bitbucket-app-password", "atbb", rf"{_B}ATBB[A-Za-z0-9_=.-]{{24,}}"),
    ("atlassian-api-token", "atatt3|atctt3", rf"{_B}AT(?:A|C)TT3[A-Za-z0-9_=.-]{{20,}}"),
    ("jfrog-api-key", "akc", rf"{_B}AKC[a-zA-Z0-9](?=[A-Za-z0-9]{{0,80}}[0-9])[A-Za-z0-9]{{28,}}"),
    ("jfrog-identity-token", "cmvmd", rf"{_B}cmVmd[A-Za-z0-9]{{40,}}"),
    ("docker-token", "dckr_", rf"{_B}dckr_(?:pat|oat)_[A-Za-z0-9_-]{{20,}}"),
    ("npm-access-token", "npm_", rf"{_B}npm_[A-Za-z0-9]{{36}}{_E}"),
    ("pypi-upload-token", "pypi-", rf"{_B}pypi-[A-Za-z0-9_-]{{50,}}"),
    ("rubygems-api-token", "rubygems_", rf"{_B}rubygems_[a-f0-9]{{40,}}"),
    ("nuget-api-key", "oy2", rf"{_B}oy2[a-z0-9]{{43}}{_E}"),
    ("clojars-api-token", "clojars_", rf"{_B}CLOJARS_[A-Za-z0-9]{{40,}}"),
    ("crates-io-token", "cio", rf"{_B}cio[A-Za-z0-9]{{32}}{_E}"),
    ("sonar-api-token", "squ_|sqp_|sqa_", rf"{_B}sq[upa]_[A-Za-z0-9]{{40}}"),
    ("sourcegraph-access-token", "sgp_", rf"{_B}sgp_(?:(?:[a-fA-F0-9]{{16}}|local)_)?[a-fA-F0-9]{{40}}"),
    ("snyk-api-token", "snyk_", rf"{_B}snyk_[a-z]{{3}}\.[A-Za-z0-9_.-]{{20,}}"),
    ("pulumi-api-token", "pul-", rf"{_B}pul-[a-f0-9]{{40}}"),
    ("prefect-api-token", "pnu_|pnb_", rf"{_B}pn[ub]_[A-Za-z0-9]{{36}}"),
    ("hashicorp-tf-api-token", "atlasv1", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}"),
    ("vault-service-token", "hvs.|hvb.|hvr.", rf"{_B}hv[sbr]\.[\w-]{{20,}}"),
    ("vault-service-token", "s.", r"s\.(?<![\w./-]s\.)(?=[A-Za-z0-9]{0,23}[0-9])[A-Za-z0-9]{24}(?![\w/-])"),
    ("doppler-api-token", "dp.", rf"{_B}dp\.(?:pt|st|sa|ct|scim|audit)\.(?:[a-z0-9_-]{{1,40}}\.)?[A-Za-z0-9]{{32,}}"),
    ("infisical-token", "st.", r"st\.(?<![A-Za-z0-9]st\.)[a-f0-9-]{24,36}\.[a-f0-9]{32}\.[a-f0-9]{20,}"),
    ("1password-service-account-token", "ops_eyj", rf"{_B}ops_eyJ[A-Za-z0-9+/=_-]{{40,}}"),
    (
        "1password-secret-key",
        "a3-",
        rf"{_B}A3-[A-Z0-9]{{6}}-(?:[A-Z0-9]{{11}}|[A-Z0-9]{{6}}-[A-Z0-9]{{5}})(?:-[A-Z0-9]{{5}}){{3}}",
    ),
    ("octopus-deploy-api-key", "api-", rf"{_B}API-[A-Z0-9]{{25,32}}{_E}"),
    ("harness-api-key", "pat.|sat.", rf"{_B}[ps]at\.[A-Za-z0-9_-]{{22}}\.[A-Za-z0-9]{{24}}\.[A-Za-z0-9]{{20}}"),
    ("launchdarkly-access-token", "api-|sdk-|mob-", rf"{_B}(?:api|sdk|mob)-{_UUID}"),
    # --- machine learning --------------------------------------------------------------------------------------
    ("databricks-api-token", "dapi|dose|dkea", rf"{_B}(?:dapi|dose|dkea)[0-9a-f]{{32}}(?:-\d+)?{_E}"),
    ("huggingface-access-token", "hf_", rf"{_B}hf_(?=[A-Za-z0-9]{{0,40}}[A-Z0-9])[A-Za-z0-9]{{20,}}"),
    ("huggingface-organization-api-token", "api_org_", rf"{_B}api_org_[A-Za-z0-9]{{20,}}"),
    ("openai-api-key", "sk-", _SK_KEY),
    (
        "model-api-key",
        "gsk_|nvapi-|pplx-|xai-|r8_|lsv2_|fw_|tvly-|pcsk_|jina_|voyage-|pa-|tgp_v1_|wandb_v1_|syn_|cpk_|eleven|aq.ab",
        rf"{_B}(?:gsk_|nvapi-|pplx-|xai-|r8_|lsv2_(?:pt|sk)_|fw_|tvly-(?:dev-|prod-)?|pcsk_|jina_|pa-|tgp_v1_|wandb_v1_|"
        r"cpk_|AQ\.Ab)(?=[A-Za-z0-9_-]{0,60}[0-9])[A-Za-z0-9_-]{20,}",
    ),
    ("elevenlabs-api-key", "sk_|xi-api", rf"{_B}sk_[a-f0-9]{{40,}}{_E}"),
    # --- messages, payments, offices ---------------------------------------------------------------------------
    ("slack-token", "xox|xapp-|xwfp-", rf"{_B}(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[A-Za-z0-9-]{{10,}}"),
    (
        "discord-api-token",
        ".",
        r"[MNO](?<![\w-][MNO])[A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![\w-])",
    ),
    ("telegram-bot-api-token", ":aa", r"(?<![A-Za-z0-9])(?:bot)?\d{8,10}:AA[\w-]{30,35}(?![\w-])"),
    ("facebook-access-token", "eaa", rf"{_B}EAA(?!A)[A-Za-z0-9]{{60,}}"),
    ("facebook-access-token", "|", r"\|(?<=\d{15}\|)([0-9A-Za-z_-]{27,40})(?![\w-])"),
    (
        "stripe-access-token",
        "k_live_|k_test_|k_prod_|whsec_",
        rf"{_B}(?:[rsp]k_(?:live|test|prod)_|whsec_)[A-Za-z0-9+/=]{{16,}}",
    ),
    ("square-access-token", "eaaa|sq0", rf"{_B}(?:EAAA[\w-]{{22,60}}|sq0[a-z]{{3}}-[\w-]{{22,43}})"),
    ("paypal-access-token", "access_token$", r"access_token\$(?:production|sandbox)\$[a-z0-9]{8,}\$[a-f0-9]{20,}"),
    ("plaid-api-token", "access-", rf"{_B}access-(?:sandbox|development|production)-{_UUID}"),
    ("flutterwave-secret-key", "flw", rf"{_B}FLW(?:PUB|SEC)K(?:_TEST)?-[A-Za-z0-9]{{12,}}"),
    ("easypost-api-token", "ezak|eztk", rf"{_B}EZ[AT]K[A-Za-z0-9]{{54}}"),
    ("duffel-api-token", "duffel_", rf"{_B}duffel_(?:test|live)_[\w=-]{{40,}}"),
    ("shopify-access-token", "shpat_|shpca_|shppa_|shpss_", rf"{_B}shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{{32}}"),
    ("shippo-api-token", "shippo_", rf"{_B}shippo_(?:live|test)_[a-fA-F0-9]{{40}}"),
    ("twilio-api-key", "sk", rf"SK(?<![A-Za-z0-9]SK)[0-9a-fA-F]{{32}}{_E}"),
    ("sendgrid-api-token", "sg.", rf"{_B}SG\.[\w-]{{16,32}}\.[\w-]{{20,}}"),
    ("sendinblue-api-token", "xkeysib-|xsmtpsib-", rf"{_B}x(?:key|smtp)sib-[a-f0-9]{{64}}-[A-Za-z0-9]{{16}}"),
    ("mailgun-private-api-token", "key-", rf"{_B}key-[a-f0-9]{{32}}{_E}"),
    ("mailchimp-api-key", "-us", rf"{_B}[a-f0-9]{{32}}-us\d{{1,2}}{_E}"),
    ("resend-api-key", "re_", rf"{_B}re_[A-Za-z0-9]{{8}}_[A-Za-z0-9]{{24}}{_E}"),
    ("hubspot-api-key", "pat-", rf"{_B}pat-[a-z]{{2}}\d-{_UUID}"),
    ("airtable-personal-access-token", "pat", r"pat(?<![A-Za-z0-9]pat)[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("linear-api-key", "lin_", rf"{_B}lin_(?:api|oauth|wh)_[A-Za-z0-9]{{32,}}"),
    ("notion-api-token", "ntn_|secret_", rf"{_B}(?:ntn_[A-Za-z0-9]{{40,}}|secret_[A-Za-z0-9]{{43}}){_E}"),
    ("figma-access-token", "figd_|figo_|figu_", rf"{_B}fig[dour]h?_[A-Za-z0-9_-]{{20,}}"),
    ("frameio-api-token", "fio-u-", rf"{_B}fio-u-[\w=-]{{50,}}"),
    ("typeform-api-token", "tfp_", rf"{_B}tfp_[\w=.-]{{40,}}"),
    ("adobe-client-secret", "p8e-", rf"{_B}p8e-[A-Za-z0-9]{{32}}{_E}"),
    ("contentful-token", "cfpat-", rf"{_B}CFPAT-[A-Za-z0-9_-]{{40,}}"),
    ("mapbox-api-token", "k.ey", rf"{_B}[pst]k\.ey[A-Za-z0-9_-]{{20,}}\.[A-Za-z0-9_-]{{16,}}"),
    ("maxmind-license-key", "_mmk", rf"{_B}[A-Za-z0-9]{{6}}_[A-Za-z0-9]{{29}}_mmk"),
    ("readme-api-token", "rdme_", rf"{_B}rdme_[a-z0-9]{{40,}}"),
    ("postman-api-token", "pmak-", rf"{_B}PMAK-[A-Fa-f0-9]{{24}}-[A-Fa-f0-9]{{34}}"),
    ("lob-api-key", "live_|test_", rf"{_B}(?:live|test)_(?:pub_)?[a-f0-9]{{31,35}}{_E}"),
    # --- observation -------------------------------------------------------------------------------------------
    ("grafana-service-account-token", "glsa_|glc_", rf"{_B}gl(?:sa|c)_[A-Za-z0-9+/_-]{{30,}}={{0,2}}"),
    ("new-relic-user-api-key", "nrak-|nrjs-|nrii-|nriq-|nrra-", rf"{_B}NR(?:AK|JS|II|IQ|RA)-[A-Za-z0-9_-]{{19,}}"),
    ("new-relic-license-key", "nral", rf"{_B}[A-Za-z0-9]{{32,36}}(?:FFFF)?NRAL{_E}"),
    ("sentry-token", "sntrys_|sntryu_|sntrya_", rf"{_B}sntry[sua]_[A-Za-z0-9+/=_-]{{40,}}"),
    ("dynatrace-api-token", "dt0", rf"{_B}dt0[a-z]\d{{2}}\.[A-Za-z0-9]{{8,24}}\.[A-Za-z0-9]{{32,64}}"),
    ("posthog-api-key", "phc_|phx_|phs_", rf"{_B}ph[cxs]_[A-Za-z0-9]{{32,}}"),
    ("settlemint-token", "sm_", rf"{_B}sm_(?:aat|pat|sat)_[A-Za-z0-9]{{16}}"),
    (
        "authress-service-client-access-key",
        "sc_|ext_|scauth_",
        rf"{_B}(?:sc|ext|scauth|authress)_[a-z0-9]{{5,30}}\.[a-z0-9]{{4,6}}\.(?:acc)?[_-][a-z0-9-]{{10,32}}\.[a-z0-9+/_=-]{{30,120}}",
    ),
    ("okta-access-token", "ssws ", r"SSWS[ ]{1,4}([\w=-]{30,})"),
    ("infracost-api-token", "ico-", rf"{_B}ico-[A-Za-z0-9]{{32}}{_E}"),
    ("defined-networking-api-token", "dnkey-", rf"{_B}dnkey-[A-Za-z0-9=_-]{{26}}-[A-Za-z0-9=_-]{{52}}"),
)

PATTERNS = tuple(Pattern(name, tuple(markers.split("|")), source) for name, markers, source in _ROWS)
"""Every pattern; several rows may share a name."""
