//! Which modules a Python package brings, where its name does not tell.

/// Packages whose modules have other names: the package in its one form, and its top-level modules.
const MODULES: &[(&str, &[&str])] = &[
    ("attrs", &["attr", "attrs"]),
    ("beautifulsoup4", &["bs4"]),
    ("biopython", &["Bio"]),
    ("djangorestframework", &["rest_framework"]),
    ("dnspython", &["dns"]),
    ("docker-py", &["docker"]),
    ("factory-boy", &["factory"]),
    ("faiss-cpu", &["faiss"]),
    ("flask-sqlalchemy", &["flask_sqlalchemy"]),
    ("gitpython", &["git"]),
    ("google-api-python-client", &["googleapiclient", "apiclient"]),
    ("google-auth", &["google"]),
    ("google-cloud-storage", &["google"]),
    ("grpcio", &["grpc"]),
    ("httplib2", &["httplib2"]),
    ("ipython", &["IPython"]),
    ("jinja2", &["jinja2"]),
    ("markdown", &["markdown"]),
    ("markupsafe", &["markupsafe"]),
    ("mysql-connector-python", &["mysql"]),
    ("mysqlclient", &["MySQLdb"]),
    ("opencv-python", &["cv2"]),
    ("opencv-python-headless", &["cv2"]),
    ("openstacksdk", &["openstack"]),
    ("os-ken", &["os_ken"]),
    ("oslotest", &["oslotest"]),
    ("paste", &["paste"]),
    ("pastedeploy", &["paste"]),
    ("pillow", &["PIL"]),
    ("protobuf", &["google"]),
    ("psycopg2-binary", &["psycopg2"]),
    ("pycryptodome", &["Crypto"]),
    ("pycryptodomex", &["Cryptodome"]),
    ("pygithub", &["github"]),
    ("pyjwt", &["jwt"]),
    ("pymysql", &["pymysql"]),
    ("pynacl", &["nacl"]),
    ("pyopenssl", &["OpenSSL"]),
    ("pyserial", &["serial"]),
    ("python-dateutil", &["dateutil"]),
    ("python-designateclient", &["designateclient"]),
    ("python-docx", &["docx"]),
    ("python-dotenv", &["dotenv"]),
    ("python-jose", &["jose"]),
    ("python-ldap", &["ldap"]),
    ("python-magic", &["magic"]),
    ("python-memcached", &["memcache"]),
    ("python-multipart", &["multipart", "python_multipart"]),
    ("python-neutronclient", &["neutronclient"]),
    ("python-novaclient", &["novaclient"]),
    ("python-slugify", &["slugify"]),
    ("pyyaml", &["yaml"]),
    ("pyzmq", &["zmq"]),
    ("rsa", &["rsa"]),
    ("ruamel-yaml", &["ruamel"]),
    ("scikit-image", &["skimage"]),
    ("scikit-learn", &["sklearn"]),
    ("setuptools", &["setuptools", "pkg_resources"]),
    ("sqlalchemy", &["sqlalchemy"]),
    ("twisted", &["twisted"]),
    ("typing-extensions", &["typing_extensions"]),
    ("webob", &["webob"]),
    ("websocket-client", &["websocket"]),
    ("webtest", &["webtest"]),
    ("werkzeug", &["werkzeug"]),
    ("zope-interface", &["zope"]),
];

/// The top-level modules that a package most likely brings.
pub fn modules(package: &str) -> Vec<String> {
    if let Ok(at) = MODULES.binary_search_by(|(name, _)| (*name).cmp(package)) {
        return MODULES[at].1.iter().map(|module| (*module).to_owned()).collect();
    }
    let bare = package.replace('-', "_");
    let mut found = vec![bare.clone()];
    for prefix in ["python_", "py_"] {
        found.extend(bare.strip_prefix(prefix).map(str::to_owned));
    }
    // Namespaces: `zope.sqlalchemy` brings `zope`.
    if let Some((space, _)) = bare.split_once('_')
        && matches!(space, "zope" | "google" | "azure" | "ruamel" | "sphinxcontrib" | "backports")
    {
        found.push(space.to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_in_one_form() {
        assert!(MODULES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (name, modules) in MODULES {
            assert_eq!(crate::Ecosystem::PyPI.normalise(name), *name);
            assert!(!modules.is_empty());
        }
    }

    #[test]
    fn names_tell_modules() {
        assert_eq!(modules("pyyaml"), ["yaml"]);
        assert_eq!(modules("oslo-config"), ["oslo_config"]);
        assert_eq!(modules("python-foo"), ["python_foo", "foo"]);
    }
}
