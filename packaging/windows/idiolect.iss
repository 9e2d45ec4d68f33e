; The Windows installer (Inno Setup 6), made from dist\idiolect:
;   iscc /DVersion=0.1.0 packaging\windows\idiolect.iss
;   iscc /DVersion=0.1.0 /DEdition=idiolect-offline packaging\windows\idiolect.iss
; For one person, without administrator's rights. What the person dictated stays when the program is removed.
#ifndef Version
  #error Give the version: /DVersion=0.1.0
#endif
#ifndef Edition
  #define Edition "idiolect"
#endif

[Setup]
AppId={{6B0E2F43-7C0B-4C55-9C39-5E0C7D1F6A52}
AppName=Idiolect
AppVersion={#Version}
AppPublisher=The Idiolect contributors
DefaultDirName={autopf}\Idiolect
DefaultGroupName=Idiolect
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
SetupIconFile=..\..\build\packaging\idiolect\idiolect.ico
UninstallDisplayIcon={app}\Idiolect.exe
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename={#Edition}-{#Version}-setup
CloseApplications=yes
ChangesAssociations=yes
#ifdef Sign
SignTool=sign
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[Files]
Source: "..\..\dist\{#Edition}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[InstallDelete]
; Nothing of an older version may be loaded by the new one.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Idiolect"; Filename: "{app}\Idiolect.exe"
Name: "{autodesktop}\Idiolect"; Filename: "{app}\Idiolect.exe"; Tasks: desktopicon

[Registry]
; "Open with" for recordings; no kind of file is taken over.
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe\shell\open\command"; ValueType: string; ValueData: """{app}\Idiolect.exe"" --open ""%1"""
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe\SupportedTypes"; ValueType: string; ValueName: ".wav"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe\SupportedTypes"; ValueType: string; ValueName: ".flac"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe\SupportedTypes"; ValueType: string; ValueName: ".mp3"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe\SupportedTypes"; ValueType: string; ValueName: ".ogg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Idiolect.exe\SupportedTypes"; ValueType: string; ValueName: ".m4a"; ValueData: ""

[Run]
Filename: "{app}\Idiolect.exe"; Description: "{cm:LaunchProgram,Idiolect}"; Flags: nowait postinstall skipifsilent
